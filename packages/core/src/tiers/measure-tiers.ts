import type { Collection, MetricMeans, SessionWithEvents } from '@embedding-studio/contracts';
import { crossFit, fuseCandidates, measureQuery } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { rankClickedItems, segmentQuery } from '../evaluation/segment-queries.ts';
import { splitSeed } from '../fine-tuning/batch-split.ts';
import { joinSide, type RankedSide } from '../rollout/gate/compare-sides.ts';
import { type OpenTrial, openTrial } from '../rollout/gate/open-trial.ts';
import { packVectors } from '../rollout/gate/vector-side.ts';

export interface TierMeasure {
  trial: OpenTrial;
  /** By query: wants only what training never clicked. */
  isUnseen: boolean[];
  /** What serves, by the fusion that it serves with. */
  serving: MetricMeans[];
  /** Words and meaning of what serves, weighed anew. */
  refitted: MetricMeans[];
  /** By query, each ranked by weights fitted without it. */
  measure(side: RankedSide): Promise<MetricMeans[]>;
}

/** Everything that tiers share is found once: queries, words, items and their stored vectors. */
export async function openTierMeasure(
  ctx: Ctx,
  from: { source: Collection; train: readonly SessionWithEvents[]; judged: readonly SessionWithEvents[] },
): Promise<TierMeasure> {
  const { source, train } = from;
  const trial = await openTrial(ctx, { source, train, heldOut: from.judged });
  const clicked = rankClickedItems(train);
  const base = { vectors: packVectors(trial.rows), queries: trial.queries };
  const joined = await joinSide(trial, base);
  const measure = async (side: RankedSide) => fit(trial, await joinSide(trial, side));
  return {
    trial,
    isUnseen: trial.judged.map((query) => segmentQuery(query, clicked).isUnseen),
    serving: joined.map(({ judged, candidates }) => {
      const ranked = fuseCandidates(candidates, source.ranking).map(({ itemId }) => itemId);
      return measureQuery(ranked, judged);
    }),
    refitted: fit(trial, joined),
    measure,
  };
}

function fit({ profile }: OpenTrial, queries: Awaited<ReturnType<typeof joinSide>>): MetricMeans[] {
  return crossFit({ queries, base: profile, seed: splitSeed }).scores.map(({ metrics }) => metrics);
}
