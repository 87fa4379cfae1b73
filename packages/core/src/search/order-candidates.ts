import type { FoundCandidate, RankingProfile } from '@embedding-studio/contracts';
import { type RankedItem, rankBlocks } from '@embedding-studio/ml/ranking';
import { toCosine } from './distance.ts';
import type { ParsedSearch } from './search-input.ts';

/** Candidates near enough, in the order that was asked for. */
export function orderCandidates(
  candidates: readonly FoundCandidate[],
  { profile, search }: { profile: RankingProfile; search: ParsedSearch },
): RankedItem[] {
  const ranked = rankBlocks(candidates.filter(isNear(candidates, search)), profile);
  if (search.sortBy === undefined) return ranked;
  const { order } = search.sortBy;
  const sortValueOf = new Map(candidates.map(({ itemId, sortValue }) => [itemId, sortValue ?? null]));
  const byValue = (left: RankedItem, right: RankedItem) =>
    compareValues(sortValueOf.get(left.itemId) ?? null, sortValueOf.get(right.itemId) ?? null, order);
  // A stable sort: items of equal value stay in the order of the score.
  return ranked.sort((left, right) =>
    search.similarityFirst ? right.score - left.score || byValue(left, right) : byValue(left, right),
  );
}

/** Where nothing could be compared, because the model server is away, the words' answer is kept whole. */
function isNear(candidates: readonly FoundCandidate[], { maxDistance, metric }: ParsedSearch) {
  if (maxDistance === undefined || candidates.every(({ cosine }) => cosine === null)) return () => true;
  const least = toCosine(maxDistance, metric) - 1e-9;
  return ({ cosine }: FoundCandidate) => cosine !== null && cosine >= least;
}

const kinds = ['string', 'number', 'boolean'];

/** As the database orders jsonb: texts, numbers, false, true, then everything else; absent values last either way. */
function compareValues(left: unknown, right: unknown, order: 'asc' | 'desc'): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  const sign = order === 'asc' ? 1 : -1;
  const kind = (value: unknown) => (kinds.indexOf(typeof value) + kinds.length + 1) % (kinds.length + 1);
  if (typeof left !== typeof right || typeof left === 'object') return sign * (kind(left) - kind(right));
  if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
  return sign * (String(left) < String(right) ? -1 : Number(String(left) > String(right)));
}
