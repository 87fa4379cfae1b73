import { type Collection, type Rollout, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { rankClickedItems } from '../../evaluation/segment-queries.ts';
import type { SessionSplit } from '../../evaluation/split-sessions.ts';
import { splitSeed } from '../../fine-tuning/batch-split.ts';
import { compareSides, type RankedSide } from './compare-sides.ts';
import { type OpenTrial, openTrial } from './open-trial.ts';
import { createCategoryReader } from './query-categories.ts';
import { packVectors } from './vector-side.ts';

export interface CandidateTrial {
  source: Collection;
  split: SessionSplit;
  /** The other side: what is to replace `rows`, the source's vectors of the items. */
  encode(asked: OpenTrial): Promise<RankedSide>;
}

export type JudgedCandidate = Awaited<ReturnType<typeof compareSides>> & { trial: OpenTrial };

/** The gate: held-out queries by what is live and by the candidate, each with weights fitted without the query. */
export async function judgeCandidate(ctx: Ctx, { source, split, encode }: CandidateTrial): Promise<JudgedCandidate> {
  const { train, heldOut, heldOutUnseen } = split;
  const trial = await openTrial(ctx, { source, train, heldOut: [...heldOut, ...heldOutUnseen] });
  const { judged, lexical, profile, items, rows, queries } = trial;
  const candidate = await encode(trial);
  const compared = await compareSides({
    ...{ judged, lexical, profile, candidate },
    base: { vectors: packVectors(rows), queries },
    clicked: rankClickedItems(train),
    categoriesOf: await createCategoryReader(ctx, { collectionId: source.id, items, judged }),
    seed: splitSeed,
  });
  return { ...compared, trial };
}

export async function getSource(ctx: Ctx, rollout: Rollout): Promise<Collection> {
  if (rollout.sourceCollectionId !== null) return ctx.deps.collections.getCollection(rollout.sourceCollectionId);
  throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing was live to compare with when the rollout began.');
}
