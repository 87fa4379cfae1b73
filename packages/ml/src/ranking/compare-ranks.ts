/** Where an item that both lists hold stands in each, from 1. */
export interface RankMove {
  itemId: string;
  left: number;
  right: number;
}

export interface RankComparison {
  shared: number;
  onlyLeft: string[];
  onlyRight: string[];
  /** Shared items over all items of both, 0–1; two empty lists are the same: 1. */
  jaccard: number;
  rbo: number;
  /** Items of both lists, in the order of the left one. */
  moves: RankMove[];
}

/** Two rankings of the same query, best first; ids may not repeat within a list. */
export function compareRanks(left: readonly string[], right: readonly string[]): RankComparison {
  const rightRank = new Map(right.map((itemId, index) => [itemId, index + 1]));
  const leftIds = new Set(left);
  const moves = left.flatMap((itemId, index) => {
    const rank = rightRank.get(itemId);
    return rank === undefined ? [] : [{ itemId, left: index + 1, right: rank }];
  });
  const union = left.length + right.length - moves.length;
  return {
    shared: moves.length,
    onlyLeft: left.filter((itemId) => !rightRank.has(itemId)),
    onlyRight: right.filter((itemId) => !leftIds.has(itemId)),
    jaccard: union === 0 ? 1 : moves.length / union,
    rbo: rankBiasedOverlap(left, right),
    moves,
  };
}

/**
 * Extrapolated rank-biased overlap, 0–1 (Webber, Moffat & Zobel 2010, equation 32): agreement of the first d items,
 * averaged over all depths d with weight p^(d−1), as if the agreement at the end went on. Lists may differ in length.
 * With p = 0.9 the first ten places carry 86 % of the weight.
 */
export function rankBiasedOverlap(left: readonly string[], right: readonly string[], p = 0.9): number {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (short.length === 0) return long.length === 0 ? 1 : 0;
  const overlaps = overlapByDepth(short, long);
  const overlapAt = (depth: number) => overlaps[depth] ?? 0;
  const end = overlapAt(long.length);
  const endOfShort = overlapAt(short.length);
  let sum = 0;
  for (let depth = 1; depth <= long.length; depth++) {
    const missing = depth > short.length ? (endOfShort * (depth - short.length)) / (short.length * depth) : 0;
    sum += (overlapAt(depth) / depth + missing) * p ** depth;
  }
  const tail = (end - endOfShort) / long.length + endOfShort / short.length;
  return ((1 - p) / p) * sum + tail * p ** long.length;
}

/** Items that the first d places of both share, for every d up to the longer list's end. */
function overlapByDepth(short: readonly string[], long: readonly string[]): number[] {
  const seen = new Set<string>();
  const overlaps = [0];
  let overlap = 0;
  for (let index = 0; index < long.length; index++) {
    for (const itemId of [short[index], long[index]]) {
      if (itemId === undefined) continue;
      if (seen.has(itemId)) overlap++;
      seen.add(itemId);
    }
    overlaps.push(overlap);
  }
  return overlaps;
}
