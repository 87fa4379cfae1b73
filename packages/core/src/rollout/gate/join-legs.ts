import type { Candidate } from '@embedding-studio/contracts';
import { scoreAllItems, type VectorSide } from './vector-side.ts';

/** Items taken from each leg, as search does for its first pages. */
export const legDepth = 100;

/** Union of the best items by meaning and by words with both scores, as the collection store would answer. */
export function joinLegs(input: { side: VectorSide; query: Float32Array; lexical: readonly Candidate[] }): Candidate[] {
  const { side, query, lexical } = input;
  const cosines = scoreAllItems(side, query);
  const lexicalOf = new Map(lexical.map((candidate) => [candidate.itemId, candidate]));
  const nearest = findNearest(cosines).map((place) => side.itemIds[place] ?? '');
  const ids = new Set([...nearest, ...lexical.slice(0, legDepth).map(({ itemId }) => itemId)]);
  const lexicalScale = lexical[0]?.lexicalScale ?? 0;
  return [...ids].map((itemId) => ({
    itemId,
    cosine: cosines[side.placeOf.get(itemId) ?? -1] ?? null,
    lexical: lexicalOf.get(itemId)?.lexical ?? 0,
    lexicalScale,
  }));
}

/** Places of the best items, best first, equals in their order: sorting numbers alone first is ten times faster. */
function findNearest(cosines: Float64Array): number[] {
  const least = cosines.slice().sort().at(-Math.min(legDepth, cosines.length)) ?? 0;
  const places: number[] = [];
  for (let place = 0; place < cosines.length; place++) if ((cosines[place] ?? 0) >= least) places.push(place);
  return places.sort((left, right) => (cosines[right] ?? 0) - (cosines[left] ?? 0)).slice(0, legDepth);
}
