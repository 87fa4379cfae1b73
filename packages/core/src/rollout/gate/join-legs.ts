import type { Candidate } from '@embedding-studio/contracts';
import { scoreAllItems, type VectorSide } from './vector-side.ts';

/** Items taken from each leg, as search does for its first pages. */
export const legDepth = 100;

/** Union of the best items by meaning and by words with both scores, as the collection store would answer. */
export function joinLegs(input: { side: VectorSide; query: Float32Array; lexical: readonly Candidate[] }): Candidate[] {
  const { side, query, lexical } = input;
  const cosines = scoreAllItems(side, query);
  const cosineOf = new Map(side.itemIds.map((itemId, place) => [itemId, cosines[place] ?? -2]));
  const lexicalOf = new Map(lexical.map((candidate) => [candidate.itemId, candidate]));
  const nearest = [...cosines.keys()].sort((left, right) => (cosines[right] ?? 0) - (cosines[left] ?? 0));
  const ids = new Set(nearest.slice(0, legDepth).map((place) => side.itemIds[place] ?? ''));
  for (const candidate of lexical.slice(0, legDepth)) ids.add(candidate.itemId);
  const lexicalScale = lexical[0]?.lexicalScale ?? 0;
  return [...ids].map((itemId) => ({
    itemId,
    cosine: cosineOf.get(itemId) ?? null,
    lexical: lexicalOf.get(itemId)?.lexical ?? 0,
    lexicalScale,
  }));
}
