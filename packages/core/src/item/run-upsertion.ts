import {
  type ItemFailure,
  type ItemInput,
  type ItemRecord,
  StudioError,
  toStudioError,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { composeItem, type PartMaker } from './compose-item.ts';
import { storeImage } from './item-images.ts';
import { startPace } from './pace.ts';
import { preparePartMaker } from './part-maker.ts';
import { writeBatches } from './write-batches.ts';

const batchSize = 128;
const Cursor = z.object({ done: z.number().int().min(0) });

/** The upsertion job: items and their vectors, batch by batch, in every collection that takes writes; resumes after the last one. */
export async function runUpsertion({ ctx, input }: { ctx: Ctx; input: JobRun<'upsertion'> }): Promise<JobResult> {
  authorise(ctx, 'item.write');
  const { task, save } = input;
  const { clock, settings } = ctx.deps;
  const total = task.input.items.length + (task.input.stored?.length ?? 0);
  const failures = [...task.failures];
  const started = clock.now().getTime();
  const first = Cursor.safeParse(task.checkpoint).data?.done ?? 0;
  const pace = startPace(ctx, { task, standard: settings.ingestItemsPerSecond });
  await writeBatches(ctx, {
    batches: composeBatches(ctx, task.input, first),
    onStored: async (batch, stored) => {
      failures.push(...batch.failures, ...stored.failures);
      const secondsSoFar = (clock.now().getTime() - started) / 1_000;
      await save({
        checkpoint: { done: batch.done },
        failures,
        progress: progressOf({ done: batch.done, total, note: 'items written', secondsSoFar }),
      });
      await pace.hold(batch.done - first);
    },
  });
  const failed = new Set(failures.map((failure) => failure.itemId)).size;
  return { result: { items: total, failed }, failures };
}

interface Batch {
  items: ItemRecord[];
  failures: ItemFailure[];
  /** Items of the task up to the end of this batch. */
  done: number;
}

async function* composeBatches(
  ctx: Ctx,
  input: JobRun<'upsertion'>['task']['input'],
  first: number,
): AsyncGenerator<Batch> {
  const { items, stored = [], processing } = input;
  const maker = processing === undefined ? {} : preparePartMaker(ctx, processing);
  for (let start = first; start < items.length; start += batchSize) {
    const some = items.slice(start, start + batchSize);
    yield { ...(await composeAll(ctx, some, maker)), done: start + some.length };
  }
  for (let start = Math.max(0, first - items.length); start < stored.length; start += batchSize) {
    const ids = stored.slice(start, start + batchSize);
    yield { items: await ctx.deps.items.findItems(ids), failures: [], done: items.length + start + ids.length };
  }
}

async function composeAll(
  ctx: Ctx,
  items: JobRun<'upsertion'>['task']['input']['items'],
  maker: PartMaker,
): Promise<Omit<Batch, 'done'>> {
  const failures: ItemFailure[] = [];
  const fetched = await Promise.all(items.map((item) => fetchImage(ctx, item, failures)));
  const records = fetched.flatMap((item) => {
    if (item === null) return [];
    try {
      checkId(item.id);
      return [composeItem(item, ctx.deps.settings, maker)];
    } catch (error) {
      failures.push({ itemId: item.id, stage: 'compose', detail: toStudioError(error).message });
      return [];
    }
  });
  return { items: records, failures };
}

/** A picture that cannot be had fails its item alone. */
async function fetchImage(ctx: Ctx, item: ItemInput, failures: ItemFailure[]): Promise<ItemInput | null> {
  if (item.image === undefined) return item;
  try {
    return await storeImage(ctx, item);
  } catch (thrown) {
    ctx.signal?.throwIfAborted();
    failures.push({ itemId: item.id, stage: 'load', detail: toStudioError(thrown).message });
    return null;
  }
}

/** Ids are looked up in batches: one that no database can hold would fail all of its neighbours. */
function checkId(id: string): void {
  if (!/[\0\p{Surrogate}]/u.test(id)) return;
  throw new StudioError('INPUT_INVALID', 'An id may hold neither NUL nor half a character.', { field: 'id' });
}
