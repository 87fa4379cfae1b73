import { writeFile } from 'node:fs/promises';
import { StudioError } from '@embedding-studio/contracts';
import { type Ctx, processQuery } from '@embedding-studio/core';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { type Compared, compareRankings, formatChange, type RankedPair } from '../improvement/compare-rankings.ts';
import {
  embedTexts,
  findCandidates,
  findHeldOut,
  type HeldOutQuery,
  inLanes,
  listHeldOut,
  rankIds,
} from '../improvement/held-out-queries.ts';
import { openBench } from '../loop/open-bench.ts';
import { misspell } from './misspell.ts';

export interface SpellingBenchOptions {
  data?: string;
  model: string;
  folder?: string;
  isReused: boolean;
  json?: string;
}

interface Outcome {
  /** Queries whose text spelling changed. */
  changed: number;
  hybrid: Compared;
  examples: string[];
}

const wordsMax = 300_000;
const spelling = { queryProcessors: [{ id: 'spelling', config: {}, deadlineMs: 2_000 }], rankers: [] };
const seed = 7;
const examplesMax = 8;
const queriesMax = 600;

/** Queries as people typed them, and with one typing error each: without and with spelling. */
export async function runSpellingBench(options: SpellingBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const bench = await openBench({ ...options, itemsMax: Number.POSITIVE_INFINITY, wordsMax, progress });
  try {
    const { ctx } = bench;
    await ctx.deps.queryKnowledge.refresh();
    const report: Record<string, Outcome> = {};
    const splits = listHeldOut(bench.dataset)
      .filter(({ name }) => name !== 'all_new')
      .map(({ name, queries }) => ({ name, queries: shuffle(queries, createRandom(seed)).slice(0, queriesMax) }));
    const found = await findHeldOut(ctx, splits);
    for (const { name, queries } of splits) {
      progress.say(`measuring ${name}`);
      const asked = queries.flatMap(({ queryId }) => found.get(queryId) ?? []);
      report[`${name}, as typed`] = await measureSpelling(ctx, asked);
      report[`${name}, one error each`] = await measureSpelling(ctx, await withErrors(ctx, asked));
    }
    process.stdout.write(`${render(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: Object.values(report).some(({ hybrid }) => hybrid.measures.ndcg10.delta.hi < 0) };
  } finally {
    await bench.close();
  }
}

async function withErrors(ctx: Ctx, queries: readonly HeldOutQuery[]): Promise<HeldOutQuery[]> {
  const random = createRandom(seed);
  const texts = queries.map(({ judged }) => misspell(judged.text, random));
  const { collection } = await getLive(ctx);
  const vectors = await embedTexts(ctx, { modelId: collection.modelId, texts });
  const wrong: HeldOutQuery[] = [];
  await inLanes(queries, async ({ judged, vector: own }, at) => {
    const text = texts[at] ?? judged.text;
    const vector = vectors[at] ?? own;
    wrong[at] = { judged: { ...judged, text }, vector, candidates: await findCandidates(ctx, { text, vector }) };
  });
  return wrong;
}

async function measureSpelling(ctx: Ctx, queries: readonly HeldOutQuery[]): Promise<Outcome> {
  const { collection } = await getLive(ctx);
  const examples: string[] = [];
  const pairs: RankedPair[] = [];
  let changed = 0;
  await inLanes(queries, async ({ judged, candidates }, at) => {
    const off = rankIds(candidates, collection.ranking);
    const { text } = await processQuery(ctx, { text: judged.text, plugins: spelling });
    pairs[at] = { judged, off, on: off };
    if (text === judged.text) return;
    changed += 1;
    if (examples.length < examplesMax) examples.push(`${judged.text} → ${text}`);
    const [vector] = await embedTexts(ctx, { modelId: collection.modelId, texts: [text] });
    if (vector === undefined) return;
    pairs[at] = { judged, off, on: rankIds(await findCandidates(ctx, { text, vector }), collection.ranking) };
  });
  return { changed, hybrid: compareRankings(pairs), examples };
}

async function getLive(ctx: Ctx) {
  const live = await ctx.deps.collections.recallLiveCollection();
  if (live === null) throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing is live.');
  return live;
}

function render(report: Readonly<Record<string, Outcome>>): string {
  const rows = Object.entries(report).map(([name, { changed, hybrid }]) => {
    const { off, on } = hybrid.measures.ndcg10;
    const counts = [String(hybrid.n), String(changed)];
    return [name, ...counts, off.toFixed(3), on.toFixed(3), formatChange(hybrid), `${hybrid.wins} / ${hybrid.losses}`];
  });
  const head = ['queries', 'n', 'changed', 'off', 'on', 'change of nDCG@10 (95 % interval)', 'better / worse'];
  const examples = Object.entries(report).flatMap(([name, outcome]) => ['', name, ...outcome.examples]);
  return ['', ...table(head, rows), ...examples].join('\n');
}
