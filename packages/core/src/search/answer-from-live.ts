import {
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
import { type ChainedQuery, processQuery } from './plugin-chain.ts';
import { liveMissing } from './resolve-live.ts';
import type { ParsedSearch } from './search-input.ts';

export interface FromLive extends LiveAnswer {
  live: LiveCollection;
  /** The query as the collection's plugins left it. */
  query: ChainedQuery;
  candidates: Improved<FoundCandidate>[];
  /** What the query means to this user; null when words alone were asked. */
  vector: Float32Array | null;
  personal: PersonalisedQuery['explain'];
  /** Model whose adapter moved the query; null when none did. */
  queryAdapter: string | null;
  degraded: string[];
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
export async function answerFromLive(ctx: Ctx, asking: Asking): Promise<FromLive> {
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

async function askLive(ctx: Ctx, asked: Asked): Promise<FromLive | null> {
  const { search, page, live, isRecalled } = asked;
  const degraded: string[] = [];
  const collectionId = live.collection.id;
  const query = await processQuery(ctx, { text: search.query, plugins: live.collection.searchPlugins });
  let vector: Float32Array | null = null;
  let personal: PersonalisedQuery['explain'] = null;
  let queryAdapter: string | null = null;
  try {
    if (search.legs !== 'lexical')
      vector = await embedQuery(ctx, { legs: search.legs, query, modelId: live.collection.modelId, degraded });
    if (vector !== null)
      ({ vector, modelId: queryAdapter } = await adaptQuery(ctx, { ...live, tenant: search.tenant, vector }));
    if (vector !== null)
      ({ vector, explain: personal } = await personaliseQuery(ctx, { collectionId, userId: search.userId, vector }));
  } catch (error) {
    if (isRecalled && (await hasMoved(ctx, live))) return null;
    throw error;
  }
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
  const answer = await searchExpanded(ctx, asking, query);
  if (answer === null) return null;
  const { candidates } = answer;
  const improved =
    vector === null ? candidates : await applyDeltas(ctx, { collectionId, queryVector: vector, candidates });
  return { ...answer, candidates: improved, live, query, vector, personal, queryAdapter, degraded };
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
