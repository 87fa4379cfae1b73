import type { Candidate } from '@embedding-studio/contracts';
import { applyItemDelta, dot, personaliseVector } from '@embedding-studio/ml/improvement';
import type { Ctx } from '../context.ts';

export interface PersonalisedQuery {
  vector: Float32Array;
  /** Cosine of the query and the user's nearest interest; null when nothing was applied. */
  explain: { gate: number } | null;
}

/**
 * Moves the query towards the nearest interest of the user. One round trip, none without a user or where improvement is
 * off; a store that is away leaves the query as it is.
 */
export async function personaliseQuery(
  ctx: Ctx,
  asked: { collectionId: string; userId?: string; vector: Float32Array },
): Promise<PersonalisedQuery> {
  const { collectionId, userId, vector } = asked;
  const unchanged: PersonalisedQuery = { vector, explain: null };
  if (userId === undefined || (await recallOverlay(ctx, collectionId)) === null) return unchanged;
  try {
    const centroids = await ctx.deps.improvement.findCentroids(collectionId, userId);
    const { vector: moved, gate } = personaliseVector(vector, centroids);
    return gate === 0 ? unchanged : { vector: moved, explain: { gate } };
  } catch (error) {
    ctx.deps.log.warn({ collectionId, error: String(error) }, 'search is not personalised');
    return unchanged;
  }
}

/** What the overlay added to the cosine, and the version that did; absent where it has nothing. */
export type Improved<C extends Candidate> = C & { overlay?: { delta: number; version: number } };

/** Candidates with the cosine of the item as it is served. No round trip but the look for a new version each second. */
export async function applyDeltas<C extends Candidate>(
  ctx: Ctx,
  found: { collectionId: string; queryVector: Float32Array; candidates: readonly C[] },
): Promise<Improved<C>[]> {
  const overlay = await recallOverlay(ctx, found.collectionId);
  if (overlay === null || overlay.deltas.size === 0) return [...found.candidates];
  return found.candidates.map((candidate) => {
    const delta = overlay.deltas.get(candidate.itemId);
    if (delta === undefined || candidate.cosine === null) return candidate;
    const cosine = applyItemDelta(candidate.cosine, dot(found.queryVector, delta.shift), delta);
    return { ...candidate, cosine, overlay: { delta: cosine - candidate.cosine, version: overlay.version } };
  });
}

async function recallOverlay(ctx: Ctx, collectionId: string) {
  try {
    return await ctx.deps.improvement.recallOverlay(collectionId);
  } catch (error) {
    ctx.deps.log.warn({ collectionId, error: String(error) }, 'search goes without the overlay');
    return null;
  }
}
