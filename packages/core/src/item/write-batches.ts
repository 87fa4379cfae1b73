import type { ItemRecord } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { type PreparedBatch, prepareBatch, type StoredBatch, storeBatch } from './item-batch.ts';

export interface WriteSteps<Batch extends { items: readonly ItemRecord[] }> {
  batches: AsyncIterable<Batch> | Iterable<Batch>;
  /** Told once a batch is written as a whole; what it throws ends the writing. */
  onStored(batch: Batch, stored: StoredBatch): Promise<void>;
}

interface Ahead<Batch> {
  batch: Batch;
  prepared: Promise<PreparedBatch>;
}

/**
 * Writes batch after batch; the next one is embedded while one is stored, never more than one ahead. A stop comes
 * before a batch is written or after it, never in between.
 */
export async function writeBatches<Batch extends { items: readonly ItemRecord[] }>(
  ctx: Ctx,
  { batches, onStored }: WriteSteps<Batch>,
): Promise<void> {
  const stop = new AbortController();
  const signal = ctx.signal === undefined ? stop.signal : AbortSignal.any([ctx.signal, stop.signal]);
  const { signal: _cut, ...uncut } = ctx;
  const source = iterate(batches);
  const open = async (): Promise<Ahead<Batch> | null> => {
    const next = await source.next();
    if (next.done === true) return null;
    const prepared = prepareBatch({ ...ctx, signal }, next.value.items);
    prepared.catch(() => undefined);
    return { batch: next.value, prepared };
  };
  let following: Promise<Ahead<Batch> | null> = open();
  try {
    for (let current = await following; current !== null; current = await following) {
      const prepared = await current.prepared;
      ctx.signal?.throwIfAborted();
      following = open();
      // Awaited only after this batch is stored; a failure until then is not unhandled.
      following.catch(() => undefined);
      await onStored(current.batch, await storeBatch(uncut, prepared));
    }
  } finally {
    stop.abort();
    await following.then((ahead) => ahead?.prepared).catch(() => undefined);
    await source.return?.();
  }
}

function iterate<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}
