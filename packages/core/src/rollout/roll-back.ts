import { type Collection, type LivePointer, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { findRef, swapQueryAdapter } from '../adapter/point-query-adapter.ts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { settleLivePointer } from './settle-live-pointer.ts';

export const RollBackInput = z.object({
  /** Guards against a double click: refused with LIVE_POINTER_MOVED unless this collection is live. */
  expectedCollectionId: z.string().min(1).max(128).optional(),
});
export type RollBackInput = z.input<typeof RollBackInput>;

/**
 * Puts the previous collection back in one statement. Called again, it goes forward again. A query adapter that was set
 * since the last switch is taken back first, and the pointer stays.
 */
export async function rollBack({ ctx, input }: { ctx: Ctx; input: RollBackInput }): Promise<LivePointer> {
  authorise(ctx, 'rollout.write');
  const { expectedCollectionId } = parseInput(RollBackInput, input);
  const { pointer, collection } = await resolveLive(ctx);
  if (expectedCollectionId !== undefined && expectedCollectionId !== pointer.collectionId) {
    throw new StudioError('LIVE_POINTER_MOVED', `${pointer.collectionId} is live, not ${expectedCollectionId}.`);
  }
  if (await undoQueryAdapter(ctx, { collection, since: pointer.switchedAt })) return pointer;
  const previous = await getPrevious(ctx, pointer);
  await settleLivePointer(ctx);
  const moved = await ctx.deps.collections.switchLive({ expected: pointer.collectionId, next: previous });
  await settleLivePointer(ctx);
  await recordAudit(ctx, {
    action: 'live.roll-back',
    subject: previous,
    detail: { from: pointer.collectionId, version: moved.version },
  });
  return moved;
}

/** An adapter that came after the last switch is what is undone first: one write of the collection's row. */
async function undoQueryAdapter(
  ctx: Ctx,
  { collection, since }: { collection: Collection; since: Date },
): Promise<boolean> {
  const ref = findRef(collection, null);
  if (ref === null || ref.modelId === null || ref.setAt.getTime() < since.getTime()) return false;
  await swapQueryAdapter(ctx, { collection, tenant: null });
  await settleLivePointer(ctx);
  const detail = { from: ref.modelId, to: ref.previous.modelId };
  await recordAudit(ctx, { action: 'live.roll-back-adapter', subject: collection.id, detail });
  return true;
}

async function getPrevious(ctx: Ctx, pointer: LivePointer): Promise<string> {
  const id = pointer.previousCollectionId;
  const previous = id === null ? null : await ctx.deps.collections.getCollection(id);
  if (previous?.status === 'ready') return previous.id;
  throw new StudioError('COLLECTION_NOT_FOUND', 'There is no previous collection to roll back to.', {
    publicMessage: 'There is no previous collection to roll back to: it never existed or has been retired.',
  });
}
