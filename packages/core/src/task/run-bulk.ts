import { type BulkAction, isStudioError, type TaskSummary } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { decodeTimeCursor, encodeTimeCursor } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { narrowToAction } from './bulk-filter.ts';
import { restartAny } from './restart-task.ts';
import { TaskFilterInput, toTaskFilter } from './task-filter-input.ts';

const page = 100;
const Count = z.number().int().min(0);
const Cursor = z.object({ after: z.string().nullable(), changed: Count, skipped: Count });

/** Retries or cancels task by task; what has meanwhile left the filter is left alone. Resumes after the last page. */
export async function runBulk({ ctx, input }: { ctx: Ctx; input: JobRun<'task_bulk'> }): Promise<JobResult> {
  authorise(ctx, 'task.write');
  const { task, save } = input;
  const { action, until, count } = task.input;
  const asked = parseInput(TaskFilterInput, task.input.filter);
  const filter = await toTaskFilter(ctx, narrowToAction(action, asked));
  const end = new Date(Math.min(new Date(until).getTime(), filter.createdTo?.getTime() ?? Number.POSITIVE_INFINITY));
  const state = Cursor.safeParse(task.checkpoint).data ?? { after: null, changed: 0, skipped: 0 };
  for (;;) {
    ctx.signal?.throwIfAborted();
    const before = decodeTimeCursor(state.after);
    const query = { filter: { ...filter, createdTo: end }, before, limit: page };
    const found = await ctx.deps.taskSearch.findTasks(query);
    for (const one of found) state[(await change(ctx, action, one)) ? 'changed' : 'skipped'] += 1;
    const last = found.at(-1);
    if (last !== undefined) state.after = encodeTimeCursor(last);
    const done = state.changed + state.skipped;
    const progress = { done, total: Math.max(done, count), note: `tasks to ${action}`, secondsLeft: null };
    await save({ checkpoint: { ...state }, progress });
    if (found.length < page) break;
  }
  const { changed, skipped } = state;
  await recordAudit(ctx, { action: `task.bulk-${action}-done`, subject: task.id, detail: { changed, skipped } });
  return { result: { changed, skipped } };
}

/** False where somebody else was faster or the task cannot be changed that way any more. */
async function change(ctx: Ctx, action: BulkAction, { id }: TaskSummary): Promise<boolean> {
  try {
    if (action === 'retry') await restartAny(ctx, id);
    else await ctx.deps.tasks.cancelTask(id);
    return true;
  } catch (error) {
    const isSettled =
      isStudioError(error) && ['TRANSITION_ILLEGAL', 'TASK_CONFLICT', 'TASK_NOT_FOUND'].includes(error.code);
    if (isSettled) return false;
    throw error;
  }
}
