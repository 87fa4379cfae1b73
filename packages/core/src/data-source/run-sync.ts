import { type DataSourceRecord, type ItemFailure, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { startPace } from '../item/pace.ts';
import { preparePartMaker } from '../item/part-maker.ts';
import { deleteAll } from '../item/run-deletion.ts';
import { writeBatches } from '../item/write-batches.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { deleteVanished } from './delete-vanished.ts';
import { readBatches, type SourceBatch } from './read-batches.ts';
import { findLoader, parseConfig } from './source-config.ts';

/** Failures that a task lists; more are only counted. */
const failuresMax = 1_000;

const Count = z.number().int().min(0);
const Progress = z.object({
  ...{ rows: Count, deleted: Count, failed: Count, cursor: z.string().nullable() },
  ...{ unknown: Count.default(0), changed: Count.default(0), unchanged: Count.default(0) },
});
type Progress = z.infer<typeof Progress>;
const atStart: Progress = { rows: 0, deleted: 0, failed: 0, cursor: null, unknown: 0, changed: 0, unchanged: 0 };

/**
 * The sync job. The source's cursor moves after a batch is written, by compare-and-swap: a job that was killed goes on
 * from there and writes at most one batch again, which changes nothing.
 */
export async function runSync({ ctx, input }: { ctx: Ctx; input: JobRun<'data_source_sync'> }): Promise<JobResult> {
  authorise(ctx, 'item.write');
  const { task, save } = input;
  const { sourceId, mode, only } = task.input;
  const source = await ctx.deps.dataSources.getDataSource(sourceId);
  const loader = findLoader(ctx, source.loader);
  const config = parseConfig(ctx, { sourceId, loader, stored: source });
  const maker = preparePartMaker(ctx, source.processing);
  const progress = Progress.safeParse(task.checkpoint).data ?? { ...atStart };
  const isFirst = task.checkpoint === null;
  if (isFirst && mode === 'full' && only === undefined) await restartSource(ctx, source);
  if (isFirst) await save({ checkpoint: { ...progress } });
  const failures = [...task.failures];
  let cursor = only === undefined ? source.cursor : progress.cursor;
  const pace = startPace(ctx, { task, standard: ctx.deps.settings.ingestItemsPerSecond });
  const before = progress.rows;
  await writeBatches(ctx, {
    batches: readBatches(ctx, {
      ...{ source, loader, config, maker, cursor },
      only: only === undefined ? null : new Set(only),
    }),
    onStored: async (batch, stored) => {
      const fresh = [...batch.failures, ...stored.failures];
      progress.deleted += await deleteGone(ctx, batch, fresh);
      progress.unknown += batch.unknown;
      await noteSeen(ctx, { sourceId, taskId: task.id, batch });
      if (only === undefined) await moveCursor(ctx, { sourceId, from: cursor, to: batch.cursor });
      cursor = batch.cursor;
      failures.push(...fresh.slice(0, Math.max(0, failuresMax - failures.length)));
      progress.changed += stored.changed;
      progress.unchanged += stored.unchanged;
      Object.assign(progress, { rows: progress.rows + batch.rows, failed: progress.failed + fresh.length, cursor });
      const shown = { done: progress.rows, total: progress.rows, note: 'records read', secondsLeft: null };
      await save({ checkpoint: { ...progress }, failures, progress: shown });
      await pace.hold(progress.rows - before);
    },
  });
  ctx.deps.plugins.reportSuccess(loader);
  if (mode === 'full' && only === undefined && source.deletions === 'delete')
    await deleteVanished(ctx, {
      ...{ source, taskId: task.id, unknown: progress.unknown, force: task.input.force === true, failures },
      onDeleted: async (count) => {
        progress.deleted += count;
        await save({ checkpoint: { ...progress }, failures });
      },
    });
  const { rows, changed, unchanged, deleted, failed } = progress;
  return { result: { rows, changed, unchanged, deleted, failed, cursor }, failures };
}

async function restartSource(ctx: Ctx, source: DataSourceRecord): Promise<void> {
  await moveCursor(ctx, { sourceId: source.id, from: source.cursor, to: null });
  source.cursor = null;
}

async function deleteGone(ctx: Ctx, batch: SourceBatch, failures: ItemFailure[]): Promise<number> {
  return batch.deleted.length === 0 ? 0 : deleteAll(ctx, batch.deleted, failures);
}

/** Before the cursor moves: a record that is behind it has been met. */
async function noteSeen(
  ctx: Ctx,
  { sourceId, taskId, batch }: { sourceId: string; taskId: string; batch: SourceBatch },
): Promise<void> {
  await ctx.deps.dataSources.recordSeen(sourceId, { taskId, itemIds: batch.seen });
  await ctx.deps.dataSources.forgetSeen(sourceId, batch.deleted);
}

async function moveCursor(ctx: Ctx, move: { sourceId: string; from: string | null; to: string | null }): Promise<void> {
  if (await ctx.deps.dataSources.moveCursor(move.sourceId, move)) return;
  throw new StudioError(
    'TASK_CONFLICT',
    `The cursor of ${move.sourceId} was moved by somebody else, or the source is gone.`,
  );
}
