import type { FoundCandidate, RankingProfile } from '@embedding-studio/contracts';
import { fuseCandidates, type RankedItem } from './fuse-candidates.ts';

/** Depth of the first block: what every page begins with and every evaluation measures. */
export const firstDepth = 100;
const growth = 4;
export const depthMax = 10_000;

/** Items to take from each leg so that a page that ends at `end` is full where there are enough items. */
export function depthFor(end: number): number {
  let depth = firstDepth;
  while (depth < end) depth *= growth;
  return Math.min(depth, depthMax);
}

/**
 * One order that does not depend on how far a page reaches: first the fusion of each leg's best hundred, behind them
 * the fusion of what the next three hundred add, and so on. Deeper pages only ever append. Scores never rise along it.
 */
export function rankBlocks(candidates: readonly FoundCandidate[], profile: RankingProfile): RankedItem[] {
  const blocks: FoundCandidate[][] = [];
  for (const candidate of candidates) {
    const place = blockOf(candidate);
    for (let block = blocks.length; block <= place; block++) blocks.push([]);
    blocks[place]?.push(candidate);
  }
  let lowest = Number.POSITIVE_INFINITY;
  return blocks.flatMap((block) => {
    const ranked = fuseCandidates(block, profile).map((item) => ({ ...item, score: Math.min(item.score, lowest) }));
    lowest = ranked.at(-1)?.score ?? lowest;
    return ranked;
  });
}

function blockOf({ vectorRank, lexicalRank }: FoundCandidate): number {
  const rank = Math.min(vectorRank ?? depthMax, lexicalRank ?? depthMax);
  let block = 0;
  for (let depth = firstDepth; depth < rank; depth *= growth) block++;
  return block;
}
