import { type AnyTask, BulkAction, newId, StudioError, type TaskCounts } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { narrowToAction } from './bulk-filter.ts';
import { dispatchTask } from './dispatch-task.ts';
import { TaskFilterInput, toTaskFilter } from './task-filter-input.ts';

export const PreviewBulkInput = z.object({ action: BulkAction, filter: TaskFilterInput.default({}) });
export type PreviewBulkInput = z.input<typeof PreviewBulkInput>;

export interface BulkPreview {
  counts: TaskCounts;
  /** Asks for exactly what was counted; good for fifteen minutes. */
  token: string;
}

const tokenMs = 15 * 60_000;
const Plan = z.object({
  action: BulkAction,
  filter: TaskFilterInput,
  until: z.coerce.date(),
  count: z.number().int().min(0),
});

/** Counts what a bulk action would touch and changes nothing. Tasks that are made later are not part of it. */
export async function previewBulk({ ctx, input }: { ctx: Ctx; input: PreviewBulkInput }): Promise<BulkPreview> {
  authorise(ctx, 'task.write');
  const { action, filter } = parseInput(PreviewBulkInput, input);
  const narrowed = narrowToAction(action, filter);
  const counts = await ctx.deps.taskSearch.countTasks(await toTaskFilter(ctx, narrowed));
  const plan = { action, filter, until: ctx.deps.clock.now(), count: counts.total };
  return { counts, token: Buffer.from(JSON.stringify(plan)).toString('base64url') };
}

export const RequestBulkInput = z.object({ token: z.string().min(1).max(4_000) });
export type RequestBulkInput = z.input<typeof RequestBulkInput>;

/** Makes the task that does what was previewed. The same token again is the same task. */
export async function requestBulk({ ctx, input }: { ctx: Ctx; input: RequestBulkInput }): Promise<AnyTask> {
  authorise(ctx, 'task.write');
  const { token } = parseInput(RequestBulkInput, input);
  const { action, filter, until, count } = parseToken(token);
  if (ctx.deps.clock.now().getTime() - until.getTime() > tokenMs) throw refused('is too old; count again');
  if (count === 0) throw new StudioError('TASK_CONFLICT', 'No task meets this filter; there is nothing to do.');
  const { task, created } = await ctx.deps.tasks.requestTask({
    ...{ kind: 'task_bulk', id: newId('task'), idempotencyKey: `task_bulk:${sha256(token)}`, priority: 'high' },
    input: { action, filter: { ...filter }, until: until.toISOString(), count },
  });
  if (created)
    await recordAudit(ctx, { action: `task.bulk-${action}`, subject: task.id, detail: { filter, until, count } });
  await dispatchTask(ctx, task);
  return task;
}

function parseToken(token: string): z.output<typeof Plan> {
  try {
    return Plan.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw refused('is not one of a preview');
  }
}

function refused(why: string): StudioError {
  return new StudioError('INPUT_INVALID', `token: ${why}.`, { field: 'token' });
}
