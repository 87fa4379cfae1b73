import { type LiveCollection, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

/** Read per request: one cheap row, so that a switch is seen at once everywhere. LIVE_COLLECTION_MISSING before the first index. */
export async function resolveLive(ctx: Ctx): Promise<LiveCollection> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live === null) throw liveMissing();
  return live;
}

export function liveMissing(): StudioError {
  return new StudioError('LIVE_COLLECTION_MISSING', 'No collection is live yet.', {
    publicMessage: 'Nothing can be searched yet: register a base model and build its index first.',
  });
}
