import type { Candidate, FoundCandidate, JudgedQuery, RankingProfile } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';
import { type Centroid, learnCentroids, personaliseVector } from '@embedding-studio/ml/improvement';
import { type Compared, compareRankings, type RankedPair } from './compare-rankings.ts';
import { findCandidates, type HeldOutQuery, inLanes, rankIds } from './held-out-queries.ts';

export interface PersonalWays {
  /** The user opened one of the items that they want: are the others found better? */
  own: Compared;
  /** The same with the interest of somebody else: what a wrong interest costs. */
  others: Compared;
}

const unknownDwellWeight = 0.5;

/**
 * Clicks without user ids still tell what an interest is worth: the first click of a page is the history, the other
 * clicks of it are what is looked for. The item of the history is taken out of both lists.
 */
export async function measurePersonal(
  ctx: Ctx,
  given: { queries: readonly HeldOutQuery[]; collectionId: string; profile: RankingProfile; stepMax?: number },
): Promise<PersonalWays> {
  const { profile, collectionId, stepMax } = given;
  const queries = given.queries.filter(({ judged }) => Object.keys(judged.relevant).length > 1);
  const interests = await learnInterests(ctx, collectionId, queries.map(firstWanted));
  const pairs: Record<keyof PersonalWays, RankedPair[]> = { own: [], others: [] };
  await inLanes(queries, async (query, at) => {
    const known = firstWanted(query);
    for (const [way, step] of [['own', 0] as const, ['others', 1] as const]) {
      const centroids = interests[(at + step) % interests.length] ?? [];
      const moved = personaliseVector(query.vector, centroids, stepMax);
      const found =
        moved.gate === 0
          ? query.candidates
          : await findCandidates(ctx, { text: query.judged.text, vector: moved.vector });
      const rank = (candidates: readonly FoundCandidate[]) => rankIds(candidates.filter(isNot(known)), profile);
      pairs[way].push({ judged: without(query.judged, known), off: rank(query.candidates), on: rank(found) });
    }
  });
  return { own: compareRankings(pairs.own), others: compareRankings(pairs.others) };
}

const firstWanted = ({ judged }: HeldOutQuery): string =>
  judged.judged.find((itemId) => itemId in judged.relevant) ?? '';

const isNot = (known: string) => (candidate: Candidate) => candidate.itemId !== known;

function without(judged: JudgedQuery, known: string): JudgedQuery {
  const { [known]: _, ...relevant } = judged.relevant;
  return { ...judged, relevant, judged: judged.judged.filter((itemId) => itemId !== known) };
}

async function learnInterests(ctx: Ctx, collectionId: string, itemIds: readonly string[]): Promise<Centroid[][]> {
  const mean = await ctx.deps.improvement.findMean(collectionId);
  const rows = await ctx.deps.collections.getVectors(collectionId, [...new Set(itemIds)]);
  const first = new Map(rows.filter(({ ordinal }) => ordinal === 0).map(({ itemId, vector }) => [itemId, vector]));
  return itemIds.map((itemId) => {
    const vector = first.get(itemId);
    return vector === undefined || mean === null ? [] : learnCentroids([{ vector, weight: unknownDwellWeight }], mean);
  });
}
