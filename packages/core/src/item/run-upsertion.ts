import { type ItemFailure, type ItemRecord, jobPolicyOf, toStudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { composeItem } from './compose-item.ts';
import { putItemVectors } from './put-item-vectors.ts';

const batchSize = 64;
const Cursor = z.object({ done: z.number().int().min(0) });

/** The upsertion job: words first, then vectors in every collection that takes writes; resumes after the last batch. */
export async function runUpsertion({ ctx, input }: { ctx: Ctx; input: JobRun<'upsertion'> }): Promise<JobResult> {
  authorise(ctx, 'item.write');
  const { task, save } = input;
  const { items } = task.input;
  const failures = [...task.failures];
  const started = ctx.deps.clock.now().getTime();
  const first = Cursor.safeParse(task.checkpoint).data?.done ?? 0;
  for (let start = first; start < items.length; start += batchSize) {
    ctx.signal?.throwIfAborted();
    failures.push(...(await upsertBatch(ctx, items.slice(start, start + batchSize))));
    const done = Math.min(items.length, start + batchSize);
    const secondsSoFar = (ctx.deps.clock.now().getTime() - started) / 1_000;
    await save({
      checkpoint: { done },
      failures,
      progress: progressOf({ done, total: items.length, note: 'items written', secondsSoFar }),
    });
  }
  const failed = new Set(failures.map((failure) => failure.itemId)).size;
  return { result: { items: items.length, failed }, failures };
}

async function upsertBatch(ctx: Ctx, inputs: JobRun<'upsertion'>['task']['input']['items']): Promise<ItemFailure[]> {
  const records = inputs.map((item) => composeItem(item, ctx.deps.settings));
  const { written, failures } = await writeItems(ctx, lastOfEach(records));
  for (const collection of await ctx.deps.collections.listWriteTargets()) {
    const fresh = await findFresh(ctx, { collectionId: collection.id, items: written });
    const stale = written.filter((item) => !fresh.has(item.id));
    failures.push(...(await putItemVectors(ctx, { collection, items: stale })));
  }
  return failures;
}

/** One statement may not write an id twice; the later one wins, as it would in a row of requests. */
function lastOfEach(records: readonly ItemRecord[]): ItemRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

async function writeItems(
  ctx: Ctx,
  items: readonly ItemRecord[],
): Promise<{ written: ItemRecord[]; failures: ItemFailure[] }> {
  try {
    await ctx.deps.items.upsertItems(items);
    return { written: [...items], failures: [] };
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (jobPolicyOf[error.code] === 'retry') throw error;
    if (items.length === 1) {
      const failed = items.map((item): ItemFailure => ({ itemId: item.id, stage: 'on_upsert', detail: error.message }));
      return { written: [], failures: failed };
    }
  }
  const alone = [];
  for (const item of items) alone.push(await writeItems(ctx, [item]));
  return { written: alone.flatMap((one) => one.written), failures: alone.flatMap((one) => one.failures) };
}

async function findFresh(
  ctx: Ctx,
  options: { collectionId: string; items: readonly ItemRecord[] },
): Promise<Set<string>> {
  const rows = await ctx.deps.collections.getVectors(
    options.collectionId,
    options.items.map((item) => item.id),
  );
  const hashOf = new Map(options.items.map((item) => [item.id, item.contentHash]));
  return new Set(rows.filter((row) => hashOf.get(row.itemId) === row.contentHash).map((row) => row.itemId));
}
