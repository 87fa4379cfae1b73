import { type ItemFailure, jobPolicyOf, toStudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { startPace } from './pace.ts';

const batchSize = 200;
const Cursor = z.object({ done: z.number().int().min(0), deleted: z.number().int().min(0) });

/** The deletion job. Vectors and words go with the item, in one transaction a batch; ids that are gone already are no failure. */
export async function runDeletion({ ctx, input }: { ctx: Ctx; input: JobRun<'deletion'> }): Promise<JobResult> {
  authorise(ctx, 'item.write');
  const { task, save } = input;
  const { clock, settings } = ctx.deps;
  const { itemIds } = task.input;
  const failures = [...task.failures];
  const first = Cursor.safeParse(task.checkpoint).data ?? { done: 0, deleted: 0 };
  const pace = startPace(ctx, { task, standard: settings.ingestItemsPerSecond });
  const started = clock.now().getTime();
  let { deleted } = first;
  for (let start = first.done; start < itemIds.length; start += batchSize) {
    ctx.signal?.throwIfAborted();
    deleted += await deleteAll(ctx, itemIds.slice(start, start + batchSize), failures);
    const done = Math.min(itemIds.length, start + batchSize);
    const secondsSoFar = (clock.now().getTime() - started) / 1_000;
    await save({
      checkpoint: { done, deleted },
      failures,
      progress: progressOf({ done, total: itemIds.length, note: 'items deleted', secondsSoFar }),
    });
    await pace.hold(done - first.done);
  }
  return { result: { items: itemIds.length, deleted, failed: failures.length }, failures };
}

export async function deleteAll(ctx: Ctx, ids: readonly string[], failures: ItemFailure[]): Promise<number> {
  try {
    return await ctx.deps.items.deleteItems(ids);
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (jobPolicyOf[error.code] === 'retry') throw error;
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) {
      failures.push({ itemId: only, stage: 'store', detail: error.message });
      return 0;
    }
  }
  let deleted = 0;
  for (const id of ids) deleted += await deleteAll(ctx, [id], failures);
  return deleted;
}
