import { type Collection, type LivePointer, StudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { settleLivePointer } from '../rollout/settle-live-pointer.ts';
import { type CollectionInput, resolveCollection } from './list-collections.ts';

/** As in a rollout: items that cannot be embedded at all do not stand in the way, as long as they are few. */
const staleShareMax = 0.05;

/** Makes a verified collection serve, by hand. The one that served stands by for rollback. Already live: nothing happens. */
export async function setLive({ ctx, input }: { ctx: Ctx; input: CollectionInput }): Promise<LivePointer> {
  authorise(ctx, 'rollout.write');
  const collection = await resolveCollection(ctx, input);
  const live = await ctx.deps.collections.findLive();
  if (live?.collectionId === collection.id) return live;
  await requireServable(ctx, collection);
  await settleLivePointer(ctx);
  const moved = await ctx.deps.collections.switchLive({ expected: live?.collectionId ?? null, next: collection.id });
  await settleLivePointer(ctx);
  await recordAudit(ctx, {
    action: 'live.set',
    subject: collection.id,
    detail: { from: live?.collectionId ?? null, version: moved.version },
  });
  return moved;
}

/** @throws StudioError TASK_CONFLICT for a collection that is not ready or has too few vectors. */
export async function requireServable(ctx: Ctx, collection: Collection): Promise<void> {
  if (collection.status !== 'ready')
    throw refused(collection, `it is ${collection.status}; reindex into it and let it be verified first`);
  const { items, stale } = await ctx.deps.collections.countVectors(collection.id);
  if (stale > staleShareMax * (items + stale))
    throw refused(collection, `${stale} items have no vector in it; reindex into it first`);
}

function refused(collection: Collection, why: string): StudioError {
  return new StudioError('TASK_CONFLICT', `Collection ${collection.id} cannot serve: ${why}.`, {
    field: 'collectionId',
  });
}
