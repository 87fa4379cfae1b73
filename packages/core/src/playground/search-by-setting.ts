import {
  type CandidateQuery,
  type Collection,
  type FoundCandidate,
  noSearchPlugins,
  type QueryExpansion,
  type RankingProfile,
} from '@embedding-studio/contracts';
import { depthFor, rankBlocks } from '@embedding-studio/ml/ranking';
import { authorise } from '../authorise.ts';
import { requireNotRetired } from '../collection/create-collection.ts';
import type { Ctx } from '../context.ts';
import { applyDeltas, type Improved, personaliseQuery } from '../improvement/overlay-search.ts';
import { profileFor } from '../search/answer-from-live.ts';
import { mergeExpanded, wordsOfExpansions } from '../search/apply-expansions.ts';
import { applyRankers } from '../search/apply-rankers.ts';
import { describeHits, type SearchHit } from '../search/describe-hits.ts';
import { embedQuery } from '../search/embed-query.ts';
import { type ChainedQuery, type ChainReport, processQuery } from '../search/plugin-chain.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { type PlaygroundSetting, profileOf } from './setting.ts';

export interface SettingAnswer {
  collectionId: string;
  modelId: string;
  hits: SearchHit[];
  /** The weights that made the order. */
  ranking: RankingProfile;
  candidates: number;
  /** Cosine of the query and the user's interest that it was moved towards; null when it was left as it is. */
  personal: { gate: number } | null;
  /** What was searched for, after the collection's query processors. */
  query: { text: string; expansions: QueryExpansion[] };
  plugins: ChainReport;
  degraded: string[];
  tookMs: number;
}

export interface SettingSearch {
  query: string;
  setting: PlaygroundSetting;
  limit: number;
}

const legsOf = { hybrid: 'fused', vector: 'vector', lexical: 'lexical' } as const;

/** A search as the collection would answer it, but for what the setting changes. Leaves no session behind. */
export async function searchBySetting(ctx: Ctx, asked: SettingSearch): Promise<SettingAnswer> {
  const { setting, limit } = asked;
  const startedAt = ctx.deps.clock.now().getTime();
  const collection = await openSettingCollection(ctx, setting);
  const legs = legsOf[setting.retriever];
  const found = await findBySetting(ctx, { ...asked, collection });
  const ranking = profileFor(profileOf(collection, setting), legs, found.vector !== null);
  const ordered = rankBlocks(found.candidates, ranking);
  const rankers = { search: { query: asked.query }, query: found.query, collection: found.collection, ordered };
  const placed = await applyRankers(ctx, rankers);
  const ranked = placed.items.slice(0, limit);
  const answer = { hits: [], candidates: found.candidates };
  const hits = await describeHits(ctx, { ranked, answer, search: { explain: true, metric: 'cosine' }, start: 0 });
  return {
    ...{ collectionId: collection.id, modelId: collection.modelId, hits, ranking },
    ...{ candidates: found.candidates.length, personal: found.personal, degraded: found.degraded },
    query: { text: found.query.text, expansions: found.query.expansions },
    plugins: { applied: placed.applied, skipped: placed.skipped },
    tookMs: ctx.deps.clock.now().getTime() - startedAt,
  };
}

/** The collection a setting names, or what serves; the actor must be allowed to search it. */
async function openSettingCollection(ctx: Ctx, { collectionId }: PlaygroundSetting): Promise<Collection> {
  authorise(ctx, 'search.read', collectionId);
  if (collectionId === undefined) return (await resolveLive(ctx)).collection;
  const collection = await ctx.deps.collections.getCollection(collectionId);
  requireNotRetired(collection);
  return collection;
}

interface Found {
  candidates: Improved<FoundCandidate>[];
  collection: Collection;
  query: ChainedQuery;
  vector: Float32Array | null;
  personal: { gate: number } | null;
  degraded: string[];
}

async function findBySetting(ctx: Ctx, asked: SettingSearch & { collection: Collection }): Promise<Found> {
  const { setting } = asked;
  const degraded: string[] = [];
  const collection = setting.plugins ? asked.collection : { ...asked.collection, searchPlugins: noSearchPlugins };
  const { id: collectionId, modelId } = collection;
  const query = await processQuery(ctx, { text: asked.query, plugins: collection.searchPlugins });
  const legs = legsOf[setting.retriever];
  const own = legs === 'lexical' ? null : await embedQuery(ctx, { legs, query, modelId, degraded });
  const userId = setting.improvement ? setting.userId : undefined;
  const { vector, explain: personal } =
    own === null ? { vector: null, explain: null } : await personaliseQuery(ctx, { collectionId, userId, vector: own });
  const bare = await findCandidates(ctx, { ...asked, collection, query, vector });
  const isImproved = setting.improvement && vector !== null;
  const candidates = isImproved
    ? await applyDeltas(ctx, { collectionId, queryVector: vector, candidates: bare })
    : bare;
  return { candidates, collection, query, vector, personal, degraded };
}

interface Finding extends SettingSearch {
  collection: Collection;
}

async function findCandidates(
  ctx: Ctx,
  asked: Omit<Finding, 'query'> & { query: ChainedQuery; vector: Float32Array | null },
): Promise<FoundCandidate[]> {
  const { collection, setting, query, vector, limit } = asked;
  const profile = profileOf(collection, setting);
  const depth = depthFor(limit);
  const find = (text: string) => {
    const wanted: CandidateQuery = {
      ...{ collectionId: collection.id, lexical: profile.lexical, text, vector, depth, filter: setting.filter },
      efSearch: Math.min(1_000, Math.max(profile.efSearch, depth)),
    };
    return ctx.deps.collections.findCandidates(wanted);
  };
  const words = wordsOfExpansions(query.expansions);
  if (words === null) return find(query.text);
  const [own, expanded] = await Promise.all([find(query.text), find(words.text)]);
  return mergeExpanded(own, expanded, words.weight);
}
