import { writeFile } from 'node:fs/promises';
import type { Ctx } from '@embedding-studio/core';
import { createProgress, type Progress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { days } from './make-sessions.ts';
import { openFacts, type Timing, writeFacts } from './open-facts.ts';

export const goalMs = 300;

export interface FactsBenchOptions {
  sessions: number;
  repeats: number;
  json?: string;
  /** Keeps what is written, and goes on with what is there; default: a folder that is removed at the end. */
  folder?: string;
}

/** What a bench measures over the facts, and what else it has to say. */
export interface Measured {
  timings: Timing[];
  /** What a row of the answer is. */
  rowsAre: string;
  /** Figures that are no timings of reads. */
  more?: Record<string, number>;
  remark?: string;
}

/** Sessions on an embedded document server of their own, described and counted; then what is asked of them. */
export async function runOverFacts(
  options: FactsBenchOptions,
  measure: (ctx: Ctx, progress: Progress) => Promise<Measured>,
): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const { ctx, close } = await openFacts(progress, options.folder);
  try {
    const start = loadNow();
    const { sessions } = options;
    const written = await writeFacts(ctx, sessions, progress);
    progress.say('measuring');
    const { timings, rowsAre, more = {}, remark = '' } = await measure(ctx, progress);
    const load = { start, end: loadNow() };
    const report = { machine: describeMachine(), load, sessions, goalMs, ...written, ...more, timings };
    process.stdout.write(`${render({ sessions, ...written, timings, rowsAre, remark })}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: timings.some(({ medianMs }) => medianMs >= goalMs) };
  } finally {
    await close();
  }
}

interface Report extends Required<Omit<Measured, 'more'>> {
  sessions: number;
  traits: number;
  seconds: { facts: number; counts: number };
}

function render({ sessions, traits, seconds, timings, rowsAre, remark }: Report): string {
  const rows = timings.map(({ name, rows: found, medianMs, slowestMs }) => [
    ...[name, String(found), String(medianMs), String(slowestMs), medianMs < goalMs ? 'yes' : 'NO'],
  ]);
  return [
    `${sessions.toLocaleString('en')} sessions over ${days} days, ${traits} combinations of traits, on the embedded document server.`,
    `Facts of made-up sessions were written in ${seconds.facts.toFixed(0)} s; the workers' own count of every hour and day took ${seconds.counts.toFixed(0)} s.${remark && ` ${remark}`}`,
    '',
    ...table(['', rowsAre, 'median ms', 'slowest ms', `< ${goalMs} ms`], rows),
  ].join('\n');
}
