import { type Collection, type LivePointer, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

export interface LiveCollection {
  pointer: LivePointer;
  collection: Collection;
}

/** Read per request: one cheap row, so that a switch is seen at once everywhere. LIVE_COLLECTION_MISSING before the first index. */
export async function resolveLive(ctx: Ctx): Promise<LiveCollection> {
  const pointer = await ctx.deps.collections.findLive();
  if (pointer === null) {
    throw new StudioError('LIVE_COLLECTION_MISSING', 'No collection is live yet.', {
      publicMessage: 'Nothing can be searched yet: register a base model and build its index first.',
    });
  }
  return { pointer, collection: await ctx.deps.collections.getCollection(pointer.collectionId) };
}
