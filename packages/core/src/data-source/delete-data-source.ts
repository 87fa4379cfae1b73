import { isStudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { DataSourceIdInput } from './get-data-source.ts';

/** Forgets the source and its secrets, and stops a sync that runs. Its items stay. */
export async function deleteDataSource({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: DataSourceIdInput;
}): Promise<{ deleted: boolean }> {
  authorise(ctx, 'source.write');
  const { sourceId } = parseInput(DataSourceIdInput, input);
  const { lastTaskId, name } = await ctx.deps.dataSources.getDataSource(sourceId);
  const deleted = await ctx.deps.dataSources.deleteDataSource(sourceId);
  if (lastTaskId !== null) await cancelIfActive(ctx, lastTaskId);
  await recordAudit(ctx, { action: 'data-source.delete', subject: sourceId, detail: { name } });
  return { deleted };
}

async function cancelIfActive(ctx: Ctx, taskId: string): Promise<void> {
  try {
    await ctx.deps.tasks.cancelTask(taskId);
  } catch (error) {
    const isSettled = isStudioError(error) && ['TRANSITION_ILLEGAL', 'TASK_NOT_FOUND'].includes(error.code);
    if (!isSettled) throw error;
  }
}
