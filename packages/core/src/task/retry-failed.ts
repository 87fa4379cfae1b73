import { type AnyTask, newId, StudioError, type TaskInputs } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { requestSyncTask } from '../data-source/request-sync.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from './dispatch-task.ts';
import { TaskIdInput } from './get-task.ts';

const settled = ['done', 'failed', 'refused', 'canceled'];

/**
 * A new task over only those items of a settled one that failed. Asked twice it is the same new task. What failed in
 * a reindex is stored already: only its vectors are made.
 */
export async function retryFailed({ ctx, input }: { ctx: Ctx; input: TaskIdInput }): Promise<AnyTask> {
  authorise(ctx, 'task.write');
  const { taskId } = parseInput(TaskIdInput, input);
  const origin = await ctx.deps.tasks.getTask(taskId);
  if (!settled.includes(origin.status))
    throw new StudioError('TRANSITION_ILLEGAL', `Task ${taskId} is ${origin.status}; wait until it has ended.`);
  const failed = new Set(origin.failures.map((failure) => failure.itemId));
  if (failed.size === 0) throw new StudioError('TASK_CONFLICT', `No item of task ${taskId} failed.`);
  const request = { id: newId('task'), idempotencyKey: `retry:${taskId}:${origin.attempt}`, priority: origin.priority };
  const { task, created } = await requestFailed(ctx, { origin, failed, request });
  if (created)
    await recordAudit(ctx, {
      action: 'task.retryFailed',
      subject: taskId,
      detail: { items: failed.size, task: task.id },
    });
  await dispatchTask(ctx, task);
  return task;
}

interface Retry {
  origin: AnyTask;
  failed: ReadonlySet<string>;
  request: { id: string; idempotencyKey: string; priority: AnyTask['priority'] };
}

function requestFailed(ctx: Ctx, { origin, failed, request }: Retry) {
  const { tasks } = ctx.deps;
  if (origin.kind === 'deletion')
    return tasks.requestTask({ ...request, kind: 'deletion', input: { itemIds: [...failed] } });
  if (origin.kind === 'upsertion')
    return tasks.requestTask({ ...request, kind: 'upsertion', input: onlyFailed(origin.input, failed) });
  if (origin.kind === 'data_source_sync')
    return requestSyncTask(ctx, { ...origin.input, mode: 'full', only: [...failed], priority: request.priority });
  if (origin.kind === 'reindex')
    return tasks.requestTask({ ...request, kind: 'upsertion', input: { items: [], stored: [...failed] } });
  throw new StudioError('INPUT_INVALID', `A ${origin.kind} task has no items that could be tried again.`, {
    field: 'taskId',
  });
}

function onlyFailed(input: TaskInputs['upsertion'], failed: ReadonlySet<string>): TaskInputs['upsertion'] {
  const stored = input.stored?.filter((id) => failed.has(id));
  return { ...input, items: input.items.filter((item) => failed.has(item.id)), ...(stored && { stored }) };
}
