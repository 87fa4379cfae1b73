import type { MetricMeans, RankingProfile } from '@embedding-studio/contracts';
import { type FitFusionInput, openFusionFit } from './fit-fusion.ts';
import { fuseCandidates } from './fuse-candidates.ts';
import type { FusionQuery } from './fusion-grid.ts';
import { measureQuery } from './ranking-metrics.ts';
import { createRandom, shuffle } from './seeded-random.ts';

export interface CrossFitInput extends FitFusionInput {
  /** Default 5. */
  folds?: number;
  /**
   * Which fold a query belongs to, from 0, in the order of `queries`. Give both sides of a comparison the same one;
   * drawn from the seed when absent (the same for the same number of queries).
   */
  foldOf?: readonly number[];
}

export interface CrossFitResult {
  /** In the order of the input; each query was ranked by a profile fitted without it. */
  scores: { queryId: string; text: string; metrics: MetricMeans; rankedIds: string[] }[];
  /** Fitted on all queries: what the collection will serve with. */
  profile: RankingProfile;
}

export function crossFit(input: CrossFitInput): CrossFitResult {
  const { queries, base, seed } = input;
  const folds = Math.max(2, Math.min(input.folds ?? 5, queries.length));
  const foldOf = input.foldOf ?? drawFolds({ count: queries.length, folds, seed });
  const fit = openFusionFit({ queries, base, seed });
  const profiles = new Map<number, RankingProfile>();
  for (const fold of new Set(foldOf))
    profiles.set(
      fold,
      fit((index) => foldOf[index] !== fold),
    );
  const scores = queries.map((query, index) => scoreQuery(query, profiles.get(foldOf[index] ?? 0) ?? base));
  return { scores, profile: fit(() => true) };
}

export function drawFolds({ count, folds, seed }: { count: number; folds: number; seed: number }): number[] {
  const foldOf = new Array<number>(count).fill(0);
  const order = shuffle([...foldOf.keys()], createRandom(seed));
  order.forEach((query, place) => {
    foldOf[query] = place % folds;
  });
  return foldOf;
}

function scoreQuery({ judged, candidates }: FusionQuery, profile: RankingProfile) {
  const rankedIds = fuseCandidates(candidates, profile).map(({ itemId }) => itemId);
  return { queryId: judged.queryId, text: judged.text, metrics: measureQuery(rankedIds, judged), rankedIds };
}
