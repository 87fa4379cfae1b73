import type {
  Candidate,
  Collection,
  ItemRecord,
  JudgedQuery,
  RankingProfile,
  SessionWithEvents,
  VectorRow,
} from '@embedding-studio/contracts';
import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { adaptQueries } from '../../adapter/adapt-queries.ts';
import type { Ctx } from '../../context.ts';
import { fitLexical } from '../../evaluation/fit-lexical.ts';
import { splitSeed } from '../../fine-tuning/batch-split.ts';
import { chooseCorpus } from './choose-corpus.ts';
import { loadCollectionVectors } from './collection-vectors.ts';
import { embedQueries } from './embed-queries.ts';
import { findLexical } from './find-lexical.ts';

const judgedMax = 2_000;

/** Held-out queries with all that is the same for whatever ranks them. */
export interface OpenTrial {
  judged: JudgedQuery[];
  /** Where fits of the fusion start: field weights are fitted on the training side. */
  profile: RankingProfile;
  /** One list per judged query, best first, of items of the corpus. */
  lexical: Candidate[][];
  items: ItemRecord[];
  /** The source's vectors of the items. */
  rows: VectorRow[];
  /** As users ask: moved by the source's query adapter. */
  queries: Float32Array[];
  /** As the source's model makes them. */
  rawQueries: Float32Array[];
}

export async function openTrial(
  ctx: Ctx,
  from: { source: Collection; train: readonly SessionWithEvents[]; heldOut: readonly SessionWithEvents[] },
): Promise<OpenTrial> {
  const { source } = from;
  const judged = chooseJudged(from.heldOut);
  const profile = await fitWords(ctx, from);
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
  const known = lexical.map((candidates) => candidates.filter(({ itemId }) => corpus.has(itemId)));
  return { judged, profile, lexical: known, items, rows, queries, rawQueries };
}

function chooseJudged(heldOut: readonly SessionWithEvents[]): JudgedQuery[] {
  const { judged } = sessionsToJudgedQueries(heldOut);
  return judged.length <= judgedMax ? judged : shuffle(judged, createRandom(splitSeed)).slice(0, judgedMax);
}

/** Field weights are fitted on the training side and shared, so that only the vectors differ between the sides. */
async function fitWords(
  ctx: Ctx,
  { source, train }: { source: Collection; train: readonly SessionWithEvents[] },
): Promise<RankingProfile> {
  const { lexical } = await fitLexical({
    collections: ctx.deps.collections,
    collectionId: source.id,
    queries: sessionsToJudgedQueries(train).judged,
    base: source.ranking,
    seed: splitSeed,
    signal: ctx.signal,
  });
  return { ...source.ranking, lexical };
}
