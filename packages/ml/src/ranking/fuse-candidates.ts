import type { Candidate, RankingProfile } from '@embedding-studio/contracts';

export interface RankedItem {
  itemId: string;
  score: number;
  cosine: number | null;
  lexical: number;
  /** The addends of the score: weight times the scaled value of each leg. */
  vectorPart: number;
  lexicalPart: number;
}

/**
 * The one order of search and of every evaluation. Equal scores are ordered by cosine, then words, then id, so that
 * items without a matching word keep the order of meaning even where words decide alone.
 */
export function fuseCandidates(candidates: readonly Candidate[], profile: RankingProfile): RankedItem[] {
  const cosines = scaleCosines(candidates, profile.cosineNorm);
  const lexicals = scaleLexicals(candidates, profile.lexicalNorm);
  const weight = profile.vectorWeight;
  const ranked = candidates.map(({ itemId, cosine, lexical }, index) => {
    const vectorPart = weight * (cosines[index] ?? 0);
    const lexicalPart = (1 - weight) * (lexicals[index] ?? 0);
    return { itemId, cosine, lexical, vectorPart, lexicalPart, score: vectorPart + lexicalPart };
  });
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
  if (norm === 'rank') return scaleRanks(candidates, ({ cosine }) => cosine);
  const range = highest - lowest;
  return mapValues(candidates, ({ cosine }) => {
    if (norm === 'none') return cosine ?? lowest;
    if (cosine === null) return 0;
    return range === 0 ? 1 : (cosine - lowest) / range;
  });
}

export function scaleLexicals(candidates: readonly Candidate[], norm: RankingProfile['lexicalNorm']): Float64Array {
  if (norm === 'rank') return scaleRanks(candidates, ({ lexical }) => (lexical > 0 ? lexical : null));
  const highest = candidates.reduce((best, { lexical }) => Math.max(best, lexical), 0);
  return mapValues(candidates, ({ lexical, lexicalScale }) => {
    const divisor = norm === 'max' ? highest : lexicalScale;
    return divisor > 0 ? lexical / divisor : 0;
  });
}

const rankConstant = 60;

/** (k + 1)/(k + rank): 1 for the best, 0 for what the leg did not find; equal values share the better rank. */
function scaleRanks(candidates: readonly Candidate[], getValue: (candidate: Candidate) => number | null): Float64Array {
  const values = candidates.map(getValue);
  const ordered = values.filter((value) => value !== null).sort((left, right) => right - left);
  const rankOf = new Map<number, number>();
  ordered.forEach((value, place) => {
    if (!rankOf.has(value)) rankOf.set(value, place + 1);
  });
  return Float64Array.from(values, (value) => {
    const rank = value === null ? undefined : rankOf.get(value);
    return rank === undefined ? 0 : (rankConstant + 1) / (rankConstant + rank);
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
