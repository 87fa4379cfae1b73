import type { Collection, LivePointer } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { resolveLive } from '../search/resolve-live.ts';

/** What serves now. LIVE_COLLECTION_MISSING before the first index. */
export async function getLive({ ctx }: { ctx: Ctx }): Promise<{ pointer: LivePointer; collection: Collection }> {
  authorise(ctx, 'collection.read');
  return resolveLive(ctx);
}
