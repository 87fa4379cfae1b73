import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPhrases, type CoreDeps, type Ctx, suggestPhrases } from '@embedding-studio/core';
import { openPostgres } from '@embedding-studio/db/postgres';
import { phraseKey } from '@embedding-studio/ml/suggestion';
import { createLog } from '@embedding-studio/telemetry';
import pg from 'pg';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { startServices } from '../../apps/studio/src/services/start-services.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { spreadOf } from '../alternate.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { makePhrases, makeTypings } from './make-phrases.ts';

const phrasesAtAll = 100_000;
const typingsPerRound = 1_000;
const wanted = 10;
const p95GoalMs = 10;

export interface SuggestionsBenchOptions {
  repeats: number;
  folder?: string;
  json?: string;
}

type Side = (typed: string) => Promise<unknown>;

/** The verb against the least that could be done: one prepared look-up of the same table by LIKE. */
export async function runSuggestionsBench(options: SuggestionsBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'studio-bench-')));
  const settings = { ...readSettings(), DATABASE_URL: undefined };
  const running = await startServices({ folder, which: ['postgres'], log: progress, settings });
  const url = running.variables.DATABASE_URL ?? '';
  const stores = await openPostgres({ url, poolMax: 2, statementTimeoutMs: 60_000 });
  const bare = new pg.Pool({ connectionString: url, max: 1 });
  // The server is stopped while connections rest.
  bare.on('error', () => undefined);
  try {
    await stores.migrate();
    const log = createLog({ name: 'bench', level: 'error' });
    // The two verbs reach nothing else.
    const deps = { suggestions: stores.suggestions, audit: stores.audit, log } as unknown as CoreDeps;
    const ctx: Ctx = { actor: { kind: 'system', job: 'bench' }, requestId: 'bench', deps };
    const phrases = makePhrases(phrasesAtAll);
    progress.say(`writing ${phrases.length} phrases`);
    for (let start = 0; start < phrases.length; start += 1_000)
      await addPhrases({ ctx, input: { phrases: phrases.slice(start, start + 1_000) } });
    await bare.query('VACUUM ANALYZE suggestions, suggestion_words');
    progress.say('measuring');
    const typings = makeTypings(phrases, typingsPerRound);
    const report = await measure({ ctx, bare, typings, repeats: options.repeats });
    process.stdout.write(`${render(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: report.verb.p95.median >= p95GoalMs };
  } finally {
    await bare.end();
    await stores.close();
    await running.stop();
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

interface MeasureInput {
  ctx: Ctx;
  bare: pg.Pool;
  typings: readonly string[];
  repeats: number;
}

async function measure({ ctx, bare, typings, repeats }: MeasureInput) {
  const load = loadNow();
  const answers = { some: 0, fuzzy: 0 };
  const verb: Side = (typed) => suggestPhrases({ ctx, input: { phrase: typed, topK: wanted } });
  const lookUp: Side = (typed) =>
    bare.query({
      name: 'bare',
      text: `SELECT id, phrase, score FROM suggestions WHERE key LIKE $1 AND score IS NOT NULL ORDER BY score DESC LIMIT ${wanted}`,
      values: [`${phraseKey(typed)}%`],
    });
  for (const typed of typings) {
    const found = await suggestPhrases({ ctx, input: { phrase: typed, topK: wanted } });
    if (found.length > 0) answers.some += 1;
    if (found.some(({ matchType }) => matchType === 'fuzzy')) answers.fuzzy += 1;
    await lookUp(typed);
  }
  const rounds: Record<'verb' | 'bare', number[][]> = { verb: [], bare: [] };
  for (let round = 0; round < repeats; round++) {
    const order = round % 2 === 0 ? (['verb', 'bare'] as const) : (['bare', 'verb'] as const);
    for (const name of order) rounds[name].push(await timesOf(typings, name === 'verb' ? verb : lookUp));
  }
  return {
    machine: describeMachine(),
    load: { start: load, end: loadNow() },
    ...{ phrases: phrasesAtAll, typings: typings.length, repeats, wanted },
    share: { answered: answers.some / typings.length, fuzzy: answers.fuzzy / typings.length },
    verb: percentilesOf(rounds.verb),
    bare: percentilesOf(rounds.bare),
    timesBare: spreadOf(rounds.verb.map((times, round) => at(times, 0.95) / at(rounds.bare[round] ?? [], 0.95))),
  };
}

type Report = Awaited<ReturnType<typeof measure>>;

/** Milliseconds of each, one after the other. */
async function timesOf(typings: readonly string[], side: Side): Promise<number[]> {
  const times: number[] = [];
  for (const typed of typings) {
    const started = performance.now();
    await side(typed);
    times.push(performance.now() - started);
  }
  return times;
}

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function percentilesOf(rounds: readonly number[][]) {
  const of = (share: number) => spreadOf(rounds.map((times) => at(times, share)));
  return { p50: of(0.5), p95: of(0.95), p99: of(0.99) };
}

function render(report: Report): string {
  const { machine, load, share, verb, bare, timesBare } = report;
  const ms = (spread: { median: number; min: number; max: number }) =>
    `${spread.median.toFixed(2)} (${spread.min.toFixed(2)} … ${spread.max.toFixed(2)})`;
  const row = (name: string, side: Report['verb']) => [name, ms(side.p50), ms(side.p95), ms(side.p99)];
  return [
    '',
    `${report.phrases} phrases, ${report.typings} typings a round, ${report.repeats} rounds of each side in turn, ${wanted} suggestions wanted`,
    `${machine.cpu}, ${machine.cores} cores; load ${load.start} before, ${load.end} after`,
    '',
    ...table(
      ['milliseconds', 'p50', 'p95', 'p99'],
      [row('suggestPhrases', verb), row('bare prepared LIKE, best first', bare)],
    ),
    '',
    `p95 of the verb: ${timesBare.median.toFixed(2)} times the bare look-up (${timesBare.min.toFixed(2)} … ${timesBare.max.toFixed(2)})`,
    `answered ${(100 * share.answered).toFixed(1)} % of the typings, ${(100 * share.fuzzy).toFixed(1)} % with a slip undone`,
    `goal: p95 below ${p95GoalMs} ms: ${verb.p95.median < p95GoalMs ? 'met' : 'MISSED'}`,
  ].join('\n');
}
