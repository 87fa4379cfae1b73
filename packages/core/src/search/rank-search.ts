import {
  type ArmTreatment,
  type CandidateQuery,
  type Collection,
  type FoundCandidate,
  type RankingProfile,
  StudioError,
} from '@embedding-studio/contracts';
import { depthFor } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { applyDeltas } from '../improvement/overlay-search.ts';
import { type Answer, type Asking, answerFromLive, directQuery, profileFor } from './answer-from-live.ts';
import { mergeExpanded, wordsOfExpansions } from './apply-expansions.ts';
import { applyRankers, type PlacedItems } from './apply-rankers.ts';
import { orderCandidates } from './order-candidates.ts';
import { overrideRanking } from './override-ranking.ts';

/** A whole list, best first, with all that made its order. */
export interface Ranking {
  answer: Answer;
  profile: RankingProfile;
  placed: PlacedItems;
}

/** As the live collection ranks. */
export async function rankLive(ctx: Ctx, asking: Asking): Promise<Ranking> {
  return placeAnswer(ctx, { ...asking, answer: await answerFromLive(ctx, asking) });
}

export interface ArmAsking extends Asking {
  /** As it is; what the treatment says of it is put in its place here. */
  collection: Collection;
  treatment: ArmTreatment;
}

/** As an arm of an experiment ranks. */
export async function rankArm(ctx: Ctx, { collection: plain, treatment, ...asked }: ArmAsking): Promise<Ranking> {
  const legs = treatment.retriever === undefined || treatment.retriever === 'hybrid' ? 'fused' : treatment.retriever;
  const asking: Asking = { ...asked, search: { ...asked.search, legs } };
  const { search, page } = asking;
  const collection = treatCollection(plain, treatment);
  const isImproved = treatment.improvement !== false;
  const degraded: string[] = [];
  const directed = await directQuery(ctx, {
    ...{ collection, degraded },
    search: isImproved ? search : { ...search, userId: undefined },
  });
  const { query, vector } = directed;
  const depth = depthFor(page.offset + page.limit);
  const find = (text: string): Promise<FoundCandidate[]> => {
    const wanted: CandidateQuery = {
      ...{ collectionId: collection.id, lexical: collection.ranking.lexical, text, vector, depth },
      ...{ parts: search.parts, filter: search.filter },
      efSearch: Math.min(1_000, Math.max(collection.ranking.efSearch, depth)),
    };
    return ctx.deps.collections.findCandidates(wanted);
  };
  const words = wordsOfExpansions(query.expansions);
  const [own, more] = await Promise.all([find(query.text), words === null ? [] : find(words.text)]);
  const found = words === null ? own : mergeExpanded(own, more, words.weight);
  const candidates =
    vector === null || !isImproved
      ? found
      : await applyDeltas(ctx, { collectionId: collection.id, queryVector: vector, candidates: found });
  const answer: Answer = { ...directed, candidates, collection, degraded, hits: [], plan: null };
  return placeAnswer(ctx, { ...asking, answer });
}

async function placeAnswer(ctx: Ctx, { search, answer }: Asking & { answer: Answer }): Promise<Ranking> {
  const { collection, candidates, query, vector } = answer;
  const profile = profileFor(collection.ranking, search.legs, vector !== null);
  const ordered = orderCandidates(candidates, { profile, search });
  return { answer, profile, placed: await applyRankers(ctx, { search, query, collection, ordered }) };
}

/** The collection as if its row said what the treatment says. */
export function treatCollection(collection: Collection, treatment: ArmTreatment): Collection {
  const { ranking, searchPlugins } = collection;
  const { rankers } = treatment;
  return {
    ...collection,
    ranking: overrideRanking(ranking, treatment),
    queryAdapters: treatment.queryAdapter === false ? [] : collection.queryAdapters,
    searchPlugins:
      rankers === undefined ? searchPlugins : { ...searchPlugins, rankers: rankers.map(stepOf(collection)) },
  };
}

/** A ranker as the collection runs it, or with its defaults. */
function stepOf({ searchPlugins }: Collection) {
  return (id: string) => searchPlugins.rankers.find((step) => step.id === id) ?? { id, config: {}, deadlineMs: 50 };
}

export function collectionGone(collectionId: string): StudioError {
  return new StudioError('COLLECTION_NOT_FOUND', `Collection ${collectionId} of an arm is not ready any more.`);
}
