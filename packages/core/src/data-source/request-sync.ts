import {
  type AnyTask,
  isStudioError,
  newId,
  type StudioError,
  SyncMode,
  TaskPriority,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

export const RequestSyncInput = z.object({
  sourceId: z.string().min(1).max(128),
  /** `incremental`: on from where the last one ended. `full`: everything once more; unchanged items are not embedded again. */
  mode: SyncMode.default('incremental'),
  priority: TaskPriority.default('normal'),
  /** Delete vanished items however many they are. */
  force: z.boolean().default(false),
});
export type RequestSyncInput = z.input<typeof RequestSyncInput>;

/** Makes the task that reads a source and writes its items. While one is under way it is returned, never a second one made. */
export async function requestSync({ ctx, input }: { ctx: Ctx; input: RequestSyncInput }): Promise<AnyTask> {
  authorise(ctx, 'item.write');
  const { sourceId, mode, priority, force } = parseInput(RequestSyncInput, input);
  const { task, created } = await requestSyncTask(ctx, { sourceId, mode, priority, force });
  if (created)
    await recordAudit(ctx, { action: 'data-source.sync', subject: sourceId, detail: { mode, force, task: task.id } });
  await dispatchTask(ctx, task);
  return task;
}

/** The key names the sync before it: whoever asks at the same moment gets the same task. */
export async function requestSyncTask(
  ctx: Ctx,
  wanted: { sourceId: string; mode: SyncMode; priority: TaskPriority; only?: string[]; force?: boolean },
): Promise<{ task: AnyTask; created: boolean }> {
  const { sourceId, mode, priority, only, force } = wanted;
  for (;;) {
    const { lastTaskId } = await ctx.deps.dataSources.getDataSource(sourceId);
    const last = lastTaskId === null ? null : await findTask(ctx, lastTaskId);
    if (last?.status === 'pending' || last?.status === 'processing') return { task: last, created: false };
    const { task, created } = await ctx.deps.tasks.requestTask({
      kind: 'data_source_sync',
      id: newId('task'),
      idempotencyKey: `sync:${sourceId}:${lastTaskId ?? 'first'}`,
      input: { sourceId, mode, ...(only && { only }), ...(force && { force }) },
      priority,
    });
    const isNoted = await ctx.deps.dataSources.setLastTask(sourceId, { from: lastTaskId, to: task.id });
    if (created || (isNoted && task.status === 'pending')) return { task, created };
  }
}

async function findTask(ctx: Ctx, id: string): Promise<AnyTask | null> {
  try {
    return await ctx.deps.tasks.getTask(id);
  } catch (error) {
    if (isStudioError(error) && (error as StudioError).code === 'TASK_NOT_FOUND') return null;
    throw error;
  }
}
