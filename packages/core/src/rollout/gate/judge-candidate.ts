import {
  type Collection,
  type ItemRecord,
  type JudgedQuery,
  type RankingProfile,
  type Rollout,
  StudioError,
  type VectorRow,
} from '@embedding-studio/contracts';
import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { adaptQueries } from '../../adapter/adapt-queries.ts';
import type { Ctx } from '../../context.ts';
import { fitLexical } from '../../evaluation/fit-lexical.ts';
import { rankClickedItems } from '../../evaluation/segment-queries.ts';
import type { SessionSplit } from '../../evaluation/split-sessions.ts';
import { splitSeed } from '../../fine-tuning/batch-split.ts';
import { chooseCorpus } from './choose-corpus.ts';
import { loadCollectionVectors } from './collection-vectors.ts';
import { compareSides, type RankedSide } from './compare-sides.ts';
import { embedQueries } from './embed-queries.ts';
import { findLexical } from './find-lexical.ts';
import { createCategoryReader } from './query-categories.ts';
import { packVectors } from './vector-side.ts';

const judgedMax = 2_000;

export interface CandidateTrial {
  source: Collection;
  split: SessionSplit;
  /** The other side: what is to replace `rows`, the source's vectors of the items. */
  encode(asked: {
    items: ItemRecord[];
    judged: readonly JudgedQuery[];
    rows: readonly VectorRow[];
    /** As users ask: moved by the source's query adapter. */
    queries: readonly Float32Array[];
    /** As the source's model makes them. */
    rawQueries: readonly Float32Array[];
  }): Promise<RankedSide>;
}

/** The gate: held-out queries by what is live and by the candidate, each with weights fitted without the query. */
export async function judgeCandidate(
  ctx: Ctx,
  { source, split, encode }: CandidateTrial,
): ReturnType<typeof compareSides> {
  const judged = chooseJudged(split);
  const profile = await fitWords(ctx, { source, split });
  const lexical = await findLexical(ctx, { collectionId: source.id, queries: judged, profile });
  const needed = new Set([
    ...judged.flatMap((query) => query.judged),
    ...lexical.flatMap((candidates) => candidates.slice(0, 100).map(({ itemId }) => itemId)),
  ]);
  const items = await chooseCorpus(ctx, { needed, seed: splitSeed });
  const corpus = new Set(items.map((item) => item.id));
  const rows = await loadCollectionVectors(ctx, { collectionId: source.id, items });
  const rawQueries = await embedQueries(ctx, { modelId: source.modelId, queries: judged });
  const queries = await adaptQueries(ctx, { collection: source, vectors: rawQueries });
  const candidate = await encode({ items, judged, rows, queries, rawQueries });
  return compareSides({
    judged,
    lexical: lexical.map((candidates) => candidates.filter(({ itemId }) => corpus.has(itemId))),
    base: { vectors: packVectors(rows), queries },
    candidate,
    profile,
    clicked: rankClickedItems(split.train),
    categoriesOf: await createCategoryReader(ctx, { collectionId: source.id, items, judged }),
    seed: splitSeed,
  });
}

export async function getSource(ctx: Ctx, rollout: Rollout): Promise<Collection> {
  if (rollout.sourceCollectionId !== null) return ctx.deps.collections.getCollection(rollout.sourceCollectionId);
  throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing was live to compare with when the rollout began.');
}

function chooseJudged(split: SessionSplit): JudgedQuery[] {
  const { judged } = sessionsToJudgedQueries([...split.heldOut, ...split.heldOutUnseen]);
  return judged.length <= judgedMax ? judged : shuffle(judged, createRandom(splitSeed)).slice(0, judgedMax);
}

/** Field weights are fitted on the training side and shared, so that only the vectors differ between the sides. */
async function fitWords(ctx: Ctx, options: { source: Collection; split: SessionSplit }): Promise<RankingProfile> {
  const { source, split } = options;
  const { lexical } = await fitLexical({
    collections: ctx.deps.collections,
    collectionId: source.id,
    queries: sessionsToJudgedQueries(split.train).judged,
    base: source.ranking,
    seed: splitSeed,
    signal: ctx.signal,
  });
  return { ...source.ranking, lexical };
}
