import {
  type Collection,
  type FailureStage,
  type ItemFailure,
  type ItemRecord,
  jobPolicyOf,
  toStudioError,
  type VectorRow,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { embedItems } from './embed-items.ts';

/** Items ready to be written: everything that takes long is done, nothing has been written yet. */
export interface PreparedBatch {
  items: ItemRecord[];
  /** New vectors by collection and item, none where embedding failed. Items that have fresh ones already are left out. */
  vectors: Map<string, Map<string, VectorRow[]>>;
  failures: ItemFailure[];
}

export interface StoredBatch {
  failures: ItemFailure[];
  /** Items that were new or differed from what was stored, and those that did not. */
  changed: number;
  unchanged: number;
}

/** Embeds what needs it for every collection that takes writes. Leaves nothing behind: it may be stopped anywhere. */
export async function prepareBatch(ctx: Ctx, items: readonly ItemRecord[]): Promise<PreparedBatch> {
  const latest = lastOfEach(items);
  const prepared: PreparedBatch = { items: latest, vectors: new Map(), failures: [] };
  for (const collection of await ctx.deps.collections.listWriteTargets()) {
    const fresh = new Set(await ctx.deps.collections.findFresh(collection.id, latest));
    const stale = latest.filter((item) => !fresh.has(item.id));
    await embedInto(ctx, { prepared, collection, items: stale });
  }
  return prepared;
}

/**
 * Writes a batch: words and payload first, then its vectors in every collection that takes writes at that moment. A
 * collection that has begun meanwhile, or an item that another job has changed, is embedded here.
 */
export async function storeBatch(ctx: Ctx, prepared: PreparedBatch): Promise<StoredBatch> {
  const { written, changed } = await writeItems(ctx, prepared);
  for (const collection of await ctx.deps.collections.listWriteTargets()) {
    const fresh = new Set(await ctx.deps.collections.findFresh(collection.id, written));
    const stale = written.filter((item) => !fresh.has(item.id));
    const missing = stale.filter((item) => prepared.vectors.get(collection.id)?.has(item.id) !== true);
    await embedInto(ctx, { prepared, collection, items: missing });
    await putVectors(ctx, { prepared, collection, items: stale });
  }
  return { failures: prepared.failures, changed, unchanged: written.length - changed };
}

interface Share {
  prepared: PreparedBatch;
  collection: Collection;
  items: readonly ItemRecord[];
}

async function embedInto(ctx: Ctx, { prepared, collection, items }: Share): Promise<void> {
  const known = prepared.vectors.get(collection.id) ?? new Map<string, VectorRow[]>();
  prepared.vectors.set(collection.id, known);
  await eachOrAlone(items, { stage: 'embed', failures: prepared.failures, signal: ctx.signal }, async (some) => {
    for (const row of await embedItems(ctx, { modelId: collection.modelId, items: some }))
      known.set(row.itemId, [...(known.get(row.itemId) ?? []), row]);
  });
  for (const { id } of items) known.set(id, known.get(id) ?? []);
}

async function putVectors(ctx: Ctx, { prepared, collection, items }: Share): Promise<void> {
  const known = prepared.vectors.get(collection.id);
  await eachOrAlone(items, { stage: 'store', failures: prepared.failures }, (some) =>
    ctx.deps.collections.putVectors(
      collection.id,
      some.flatMap((item) => known?.get(item.id) ?? []),
    ),
  );
}

async function writeItems(
  ctx: Ctx,
  { items, failures }: PreparedBatch,
): Promise<{ written: ItemRecord[]; changed: number }> {
  const written: ItemRecord[] = [];
  let changed = 0;
  await eachOrAlone(items, { stage: 'store', failures }, async (some) => {
    changed += (await ctx.deps.items.upsertItems(some)).length;
    written.push(...some);
  });
  return { written, changed };
}

/** All at once; where that fails for good, one by one, so that only the poisoned items fail. */
async function eachOrAlone(
  items: readonly ItemRecord[],
  options: { stage: FailureStage; failures: ItemFailure[]; signal?: AbortSignal },
  act: (some: readonly ItemRecord[]) => Promise<void>,
): Promise<void> {
  if (items.length === 0) return;
  try {
    return await act(items);
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (options.signal?.aborted || jobPolicyOf[error.code] === 'retry') throw error;
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      options.failures.push({ itemId: only.id, stage: options.stage, detail: error.message });
      return;
    }
  }
  for (const item of items) await eachOrAlone([item], options, act);
}

/** One statement may not write an id twice; the later one wins, as it would in a row of requests. */
function lastOfEach(records: readonly ItemRecord[]): ItemRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}
