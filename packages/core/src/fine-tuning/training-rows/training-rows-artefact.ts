import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { StudioError, type TrainingRow, TrainingSetSummary } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import type { FrozenTrainingRows } from './freeze-training-rows.ts';

/** Of the tracked run. */
export const trainingRowsPath = 'training-set.jsonl.gz';
export const trainingSummaryPath = 'training-set.json';

const expand = promisify(gunzip);

/** Lines of a file that we wrote and whose length is checked: shapes are not looked at again, millions of times over. */
export function readRow(line: string): TrainingRow {
  return JSON.parse(line);
}

/** Of one part: its JSON lines and the number of the first one, from 0. */
export interface RowLines {
  start: number;
  lines: string[];
}

export async function storeTrainingRows(ctx: Ctx, runId: string, frozen: FrozenTrainingRows): Promise<void> {
  await ctx.deps.tracker.logArtefact(runId, trainingRowsPath, frozen.file);
  await ctx.deps.tracker.logArtefact(runId, trainingSummaryPath, Buffer.from(JSON.stringify(frozen.summary)));
}

/** null for runs that froze nothing, as those before there were frozen sets. */
export async function findTrainingSummary(ctx: Ctx, runId: string | null): Promise<TrainingSetSummary | null> {
  const bytes = runId === null ? null : await ctx.deps.tracker.findArtefact(runId, trainingSummaryPath);
  return bytes === null ? null : TrainingSetSummary.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** The rows from number `from` on, part by part: no more than one part is held expanded. */
export async function* walkRowLines(
  ctx: Ctx,
  stored: { runId: string; summary: TrainingSetSummary; from?: number },
): AsyncGenerator<RowLines> {
  const { runId, summary, from = 0 } = stored;
  const file = await ctx.deps.tracker.findArtefact(runId, trainingRowsPath);
  const expected = summary.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (file === null || file.length !== expected)
    throw new StudioError(
      'INTERNAL',
      `${trainingRowsPath} of run ${runId} is not the file that its summary describes.`,
    );
  let first = 0;
  for (const { offset, bytes, rows } of summary.parts) {
    const start = first;
    first += rows;
    if (first <= from) continue;
    ctx.signal?.throwIfAborted();
    const text = (await expand(file.subarray(offset, offset + bytes))).toString('utf8');
    const skipped = Math.max(0, from - start);
    yield { start: start + skipped, lines: text.split('\n').slice(skipped, rows) };
  }
}
