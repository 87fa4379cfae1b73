import {
  type Collection,
  type FoundCandidate,
  type LiveAnswer,
  type LiveCollection,
  type LiveQuery,
  type RankingProfile,
  StudioError,
} from '@embedding-studio/contracts';
import { depthFor } from '@embedding-studio/ml/ranking';
import { adaptQuery } from '../adapter/adapt-queries.ts';
import type { Ctx } from '../context.ts';
import { applyDeltas, type Improved, type PersonalisedQuery, personaliseQuery } from '../improvement/overlay-search.ts';
import { mergeExpanded, wordsOfExpansions } from './apply-expansions.ts';
import { embedQuery } from './embed-query.ts';
import { observeStep } from './observe-search.ts';
import { type ChainedQuery, processQuery } from './plugin-chain.ts';
import { liveMissing } from './resolve-live.ts';
import type { ParsedSearch } from './search-input.ts';

export interface Answer extends LiveAnswer, DirectedQuery {
  collection: Collection;
  candidates: Improved<FoundCandidate>[];
  degraded: string[];
}

/** What is searched for. */
export interface DirectedQuery {
  /** The query as the collection's plugins left it. */
  query: ChainedQuery;
  /** What the query means to this user; null when words alone were asked. */
  vector: Float32Array | null;
  personal: PersonalisedQuery['explain'];
  /** Model whose adapter moved the query; null when none did. */
  queryAdapter: string | null;
}

export interface Asking {
  search: ParsedSearch;
  page: { offset: number; limit: number };
}

/** Switches that may happen while one search is answered, before it gives up. */
const attemptsMax = 4;

/**
 * Asks the collection that this process last saw serving, and learns with the answer whether it still serves: a
 * search costs one round trip, and never answers from a collection that was not live in that instant.
 */
export async function answerFromLive(ctx: Ctx, asking: Asking): Promise<Answer> {
  const { collections } = ctx.deps;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const isRecalled = attempt === 0;
    const live = await (isRecalled ? collections.recallLiveCollection() : collections.findLiveCollection());
    if (live === null) {
      if (isRecalled) continue;
      throw liveMissing();
    }
    const answer = await askLive(ctx, { ...asking, live, isRecalled });
    if (answer !== null) return answer;
  }
  throw new StudioError('LIVE_POINTER_MOVED', 'The live collection changed several times during one search.', {
    publicMessage: 'The index is being switched; try again.',
  });
}

interface Asked extends Asking {
  live: LiveCollection;
  /** From memory: its model may be gone, which then is no failure. */
  isRecalled: boolean;
}

async function askLive(ctx: Ctx, asked: Asked): Promise<Answer | null> {
  const { search, page, live, isRecalled } = asked;
  const degraded: string[] = [];
  const collectionId = live.collection.id;
  let directed: DirectedQuery;
  try {
    directed = await directQuery(ctx, { search, collection: live.collection, degraded });
  } catch (error) {
    if (isRecalled && (await hasMoved(ctx, live))) return null;
    throw error;
  }
  const { query, vector } = directed;
  const depth = depthFor(page.offset + page.limit);
  const asking: LiveQuery = {
    live,
    text: query.text,
    vector,
    depth,
    efSearch: Math.min(1_000, Math.max(live.collection.ranking.efSearch, depth)),
    profile: profileFor(live.collection.ranking, search.legs, vector !== null),
    page,
    parts: search.parts,
    filter: search.filter,
    sortBy: search.sortBy,
  };
  const answer = await observeStep(ctx, 'candidates', () => searchExpanded(ctx, asking, query));
  if (answer === null) return null;
  const { candidates } = answer;
  degraded.push(...(answer.degraded ?? []));
  const improved =
    vector === null ? candidates : await applyDeltas(ctx, { collectionId, queryVector: vector, candidates });
  return { ...answer, ...directed, candidates: improved, collection: live.collection, degraded };
}

/** The query's words and direction, by the collection's plugins, model and adapter, and by the user's interests. */
export async function directQuery(
  ctx: Ctx,
  asked: { search: ParsedSearch; collection: Collection; degraded: string[] },
): Promise<DirectedQuery> {
  const { search, collection, degraded } = asked;
  const { id: collectionId, modelId } = collection;
  const query = await processQuery(ctx, { text: search.query, plugins: collection.searchPlugins });
  const { legs } = search;
  const embed = () => observeStep(ctx, 'embed', () => embedQuery(ctx, { legs, query, modelId, degraded }));
  const own = legs === 'lexical' ? null : await embed();
  if (own === null) return { query, vector: null, personal: null, queryAdapter: null };
  const adapted = await adaptQuery(ctx, { collection, tenant: search.tenant, vector: own });
  const { userId } = search;
  const { vector, explain } = await personaliseQuery(ctx, { collectionId, userId, vector: adapted.vector });
  return { query, vector, personal: explain, queryAdapter: adapted.modelId };
}

/** The words of expansions are a search of their own, beside the query's: what they find counts by their weight. */
async function searchExpanded(ctx: Ctx, asking: LiveQuery, query: ChainedQuery): Promise<LiveAnswer | null> {
  const { collections } = ctx.deps;
  const words = wordsOfExpansions(query.expansions);
  if (words === null) return collections.searchLive(asking);
  const [own, expanded] = await Promise.all([
    collections.searchLive(asking),
    collections.searchLive({ ...asking, text: words.text }),
  ]);
  if (own === null || expanded === null) return null;
  return { ...own, candidates: mergeExpanded(own.candidates, expanded.candidates, words.weight) };
}

async function hasMoved(ctx: Ctx, live: LiveCollection): Promise<boolean> {
  return (await ctx.deps.collections.findLiveCollection())?.revision !== live.revision;
}

/** A leg asked for alone, or left alone by a failure, takes all the weight. */
export function profileFor(profile: RankingProfile, legs: ParsedSearch['legs'], hasVector: boolean): RankingProfile {
  if (legs === 'vector') return { ...profile, vectorWeight: 1 };
  return hasVector ? profile : { ...profile, vectorWeight: 0 };
}
