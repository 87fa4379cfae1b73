import type { FilterPlan, QueryExpansion, RankingProfile, SessionExperiment } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { planSearch } from '../experiment/plan-search.ts';
import { rankPlanned } from '../experiment/rank-planned.ts';
import { recordExposures } from '../experiment/record-exposures.ts';
import { runShadow } from '../experiment/run-shadow.ts';
import { exploreSearch } from '../exploration/explore-search.ts';
import { parseInput } from '../parse-input.ts';
import type { Answer } from './answer-from-live.ts';
import type { PlacedItem } from './apply-rankers.ts';
import { hashRequest, type Place, readCursor, writeCursor } from './cursor.ts';
import { describeHits, type SearchHit } from './describe-hits.ts';
import { toCosine } from './distance.ts';
import { observeSearch, observeStep } from './observe-search.ts';
import type { ChainReport } from './plugin-chain.ts';
import type { Ranking } from './rank-search.ts';
import { type ParsedSearch, SearchItemsInput } from './search-input.ts';
import { storeSearchSession } from './store-search-session.ts';

export interface SearchExplanation {
  /** The weights that made the order. */
  ranking: RankingProfile;
  /** How a filter was applied to the vectors; null without one. */
  plan: FilterPlan | null;
  candidates: number;
  /** Cosine of the query and the user's interest that it was moved towards; null when it was left as it is. */
  personal: { gate: number } | null;
  /** Model whose adapter moved the query; null when none did. */
  queryAdapter: string | null;
  /** What was searched for, after the collection's query processors. */
  query: { text: string; expansions: QueryExpansion[] };
  /** Plugins that changed this search, and those that were left out with the reason. */
  plugins: ChainReport;
}

export interface SearchItemsResult {
  hits: SearchHit[];
  /** Items that meet filter and distance; only when asked for. */
  total?: number;
  /** Of the next page; absent behind the last one. */
  nextCursor?: string;
  sessionId?: string;
  collectionId: string;
  modelId: string;
  /** What was left out to answer at all: `lexical_only`, `standby_only`, `session_not_stored`. Empty when all is well. */
  degraded: string[];
  /** Experiments that made this list; who registers the session by hand passes them on. Absent: none. */
  experiments?: SessionExperiment[];
  explain?: SearchExplanation;
}

/** Ranks the items of the live collection for a query, by meaning and by words. */
export async function searchItems({ ctx, input }: { ctx: Ctx; input: SearchItemsInput }): Promise<SearchItemsResult> {
  authorise(ctx, 'search.read');
  const search = parseInput(SearchItemsInput, input);
  if (search.createSession) authorise(ctx, 'session.write');
  return observeSearch(ctx, search.legs, () => answerSearch(ctx, search));
}

async function answerSearch(ctx: Ctx, search: ParsedSearch): Promise<SearchItemsResult> {
  const startedAt = ctx.deps.clock.now();
  const of = hashSearch(search);
  const place = search.cursor === undefined ? null : readCursor(of, search.cursor);
  const page = { offset: place?.offset ?? search.offset, limit: search.limit };
  const plan = await planSearch(ctx, search);
  const asking = { search, page, plan };
  const exposed = recordExposures(ctx, plan.parts);
  const ranking = await rankPlanned(ctx, asking);
  const { answer, placed, parts } = ranking;
  const { items, explored, moved } = await exploreSearch(ctx, { search, place, plan, items: placed.items });
  const start = place === null ? page.offset : findStart(items, place);
  const ranked = items.slice(start, start + search.limit);
  const result: SearchItemsResult = {
    hits: await observeStep(ctx, 'hits', () => describeHits(ctx, { ranked, answer, search, start })),
    collectionId: answer.collection.id,
    modelId: answer.collection.modelId,
    degraded: answer.degraded,
    ...(parts.length > 0 && { experiments: parts }),
  };
  const last = ranked.at(-1);
  if (last !== undefined && ranked.length === search.limit)
    result.nextCursor = writeCursor(of, { offset: start + search.limit, after: last.itemId, moved });
  if (search.withTotal) result.total = await countMatching(ctx, { search, answer });
  if (search.explain) result.explain = explainSearch(ranking);
  const { sessionId } = plan;
  if (search.createSession)
    await storeSearchSession(ctx, { search: { ...search, sessionId, offset: start }, result, startedAt, explored });
  await exposed;
  if (plan.shadow !== null) void runShadow(ctx, asking, ranking);
  return result;
}

/** What decides the order; the size of a page does not. */
function hashSearch(search: ParsedSearch): string {
  const { query, legs, filter, sortBy, similarityFirst, maxDistance, metric, parts, userId, tenant } = search;
  return hashRequest({ query, legs, filter, sortBy, similarityFirst, maxDistance, metric, parts, userId, tenant });
}

/** Behind the item that ended the page before, wherever it stands now. */
function findStart(ordered: readonly PlacedItem[], place: Place): number {
  const at = ordered.findIndex(({ itemId }) => itemId === place.after);
  return at === -1 ? place.offset : at + 1;
}

async function countMatching(ctx: Ctx, options: { search: ParsedSearch; answer: Answer }): Promise<number> {
  const { search, answer } = options;
  const collectionId = answer.collection.id;
  if (search.maxDistance !== undefined && answer.vector !== null)
    return ctx.deps.collections.countNear({
      collectionId,
      vector: answer.vector,
      distanceMax: 1 - toCosine(search.maxDistance, search.metric),
      parts: search.parts,
      filter: search.filter,
    });
  if (search.filter !== undefined) return ctx.deps.items.countItems(search.filter);
  return (await ctx.deps.collections.countVectors(collectionId)).items;
}

function explainSearch({ answer, placed, profile: ranking }: Ranking): SearchExplanation {
  const { plan, personal, candidates, query, queryAdapter } = answer;
  return {
    ...{ ranking, plan, candidates: candidates.length, personal, queryAdapter },
    query: { text: query.text, expansions: query.expansions },
    plugins: { applied: placed.applied, skipped: placed.skipped },
  };
}
