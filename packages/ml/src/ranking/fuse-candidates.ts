import type { Candidate, RankingProfile } from '@embedding-studio/contracts';

export interface RankedItem {
  itemId: string;
  score: number;
  cosine: number | null;
  lexical: number;
}

/**
 * The one order of search and of every evaluation. Equal scores are ordered by cosine, then words, then id, so that
 * items without a matching word keep the order of meaning even where words decide alone.
 */
export function fuseCandidates(candidates: readonly Candidate[], profile: RankingProfile): RankedItem[] {
  const cosines = scaleCosines(candidates, profile.cosineNorm);
  const lexicals = scaleLexicals(candidates, profile.lexicalNorm);
  const weight = profile.vectorWeight;
  const ranked = candidates.map(({ itemId, cosine, lexical }, index) => ({
    itemId,
    cosine,
    lexical,
    score: weight * (cosines[index] ?? 0) + (1 - weight) * (lexicals[index] ?? 0),
  }));
  return ranked.sort((left, right) => right.score - left.score || compareTied(left, right));
}

/** Best first by cosine (null last), BM25F, then ascending id: a stable sort by score keeps this among equals. */
export function orderTies(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort(compareTied);
}

type Scored = Pick<Candidate, 'itemId' | 'cosine' | 'lexical'>;

function compareTied(left: Scored, right: Scored): number {
  return (
    compareDescending(left.cosine ?? -2, right.cosine ?? -2) ||
    compareDescending(left.lexical, right.lexical) ||
    (left.itemId < right.itemId ? -1 : Number(left.itemId > right.itemId))
  );
}

/** A candidate without a vector gets the lowest cosine of the list; a list without vectors gets zeros. */
export function scaleCosines(candidates: readonly Candidate[], norm: RankingProfile['cosineNorm']): Float64Array {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const { cosine } of candidates) {
    if (cosine === null) continue;
    lowest = Math.min(lowest, cosine);
    highest = Math.max(highest, cosine);
  }
  if (highest === Number.NEGATIVE_INFINITY) return new Float64Array(candidates.length);
  const range = highest - lowest;
  return mapValues(candidates, ({ cosine }) => {
    if (norm === 'none') return cosine ?? lowest;
    if (cosine === null) return 0;
    return range === 0 ? 1 : (cosine - lowest) / range;
  });
}

export function scaleLexicals(candidates: readonly Candidate[], norm: RankingProfile['lexicalNorm']): Float64Array {
  const highest = candidates.reduce((best, { lexical }) => Math.max(best, lexical), 0);
  return mapValues(candidates, ({ lexical, lexicalScale }) => {
    const divisor = norm === 'max' ? highest : lexicalScale;
    return divisor > 0 ? lexical / divisor : 0;
  });
}

function compareDescending(left: number, right: number): number {
  return right === left ? 0 : right - left;
}

/** Several times faster than Float64Array.from, which takes the list through an iterator; every search is fused. */
function mapValues(candidates: readonly Candidate[], getValue: (candidate: Candidate) => number): Float64Array {
  const values = new Float64Array(candidates.length);
  candidates.forEach((candidate, index) => {
    values[index] = getValue(candidate);
  });
  return values;
}
