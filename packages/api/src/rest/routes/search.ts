import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { defineRoute } from '../route.ts';
import {
  PayloadCountAnswer,
  PayloadCountBody,
  PayloadSearchBody,
  SimilaritySearchAnswer,
  SimilaritySearchBody,
} from '../schemas/search.ts';

const ping = defineRoute(
  { method: 'GET', path: '/ping', operationId: 'ping', summary: 'Answers when the service is up.', scope: null },
  { input: z.strictObject({}), output: z.object({}), run: (caller) => caller.system.ping() },
);

const similaritySearch = defineRoute(
  {
    method: 'POST',
    path: '/embeddings/similarity-search',
    operationId: 'similaritySearch',
    summary: 'Ranks the items of the live collection for a query, by meaning and by words.',
    scope: 'search',
  },
  { input: SimilaritySearchBody, output: SimilaritySearchAnswer, run: runSearch },
);

const payloadSearch = defineRoute(
  {
    method: 'POST',
    path: '/embeddings/payload-search',
    operationId: 'payloadSearch',
    summary: 'Items that meet a filter, ordered by a field or by id.',
    scope: 'search',
  },
  { input: PayloadSearchBody, output: SimilaritySearchAnswer, run: runBrowse },
);

const payloadCount = defineRoute(
  {
    method: 'POST',
    path: '/embeddings/payload-count',
    operationId: 'payloadCount',
    summary: 'How many items meet a filter.',
    scope: 'search',
  },
  {
    input: PayloadCountBody,
    output: PayloadCountAnswer,
    run: async (caller, body) => ({
      total_count: (await caller.search.countItems({ filter: body.filter?.query })).total,
    }),
  },
);

type Caller = Parameters<typeof ping.run>[0];
type Body = z.output<typeof SimilaritySearchBody>;
type PageBody = Pick<Body, 'limit' | 'offset' | 'cursor' | 'with_total' | 'filter' | 'sort_by'>;
type Answer = z.input<typeof SimilaritySearchAnswer>;

async function runSearch(caller: Caller, body: Body): Promise<Answer> {
  if (body.search_query === null) return runBrowse(caller, body);
  const result = await caller.search.searchItems({
    ...pageOf(body),
    query: typeof body.search_query === 'string' ? body.search_query : body.search_query.text,
    legs: body.ranking,
    similarityFirst: body.similarity_first,
    maxDistance: body.max_distance ?? undefined,
    metric: body.metric,
    parts: body.parts,
    explain: body.explain,
    explore: body.explore,
    createSession: body.create_session,
    sessionId: body.session_id ?? undefined,
    userId: body.user_id ?? undefined,
    attributes: body.attributes ?? undefined,
    experiments: body.experiments,
  });
  return {
    ...nextOf(result, body, result.hits.length),
    ...(result.sessionId !== undefined && { session_id: result.sessionId }),
    search_results: result.hits.map((hit) => ({
      object_id: hit.itemId,
      distance: hit.distance,
      score: hit.score,
      payload: { title: hit.title, ...hit.payload },
      ...(hit.explain && { meta: { ...hit.explain } }),
    })),
    ...(result.experiments && {
      experiments: result.experiments.map(({ experimentId, ...part }) => ({ experiment_id: experimentId, ...part })),
    }),
    degraded: result.degraded,
    meta_info: {
      subset_count: result.hits.length,
      collection_id: result.collectionId,
      embedding_model_id: result.modelId,
      ...(result.explain && { explain: { ...result.explain } }),
    },
  };
}

async function runBrowse(caller: Caller, body: PageBody & { create_session: boolean }): Promise<Answer> {
  if (body.create_session)
    throw new StudioError('INPUT_INVALID', 'A list without a query teaches nothing: no session can be stored for it.', {
      field: 'create_session',
    });
  const result = await caller.search.browseItems(pageOf(body));
  return {
    ...nextOf(result, body, result.items.length),
    search_results: result.items.map(({ id, title, payload }) => ({
      object_id: id,
      distance: 1,
      score: 0,
      payload: { title, ...payload },
    })),
    degraded: [],
    meta_info: { subset_count: result.items.length },
  };
}

/** The page's fields in the words of the verbs. */
function pageOf({ limit, offset, cursor, with_total, filter, sort_by }: PageBody) {
  return {
    limit,
    offset: offset ?? 0,
    cursor: cursor ?? undefined,
    withTotal: with_total,
    filter: filter?.query,
    sortBy: sort_by
      ? { field: sort_by.field, order: sort_by.order, forceNotPayload: sort_by.force_not_payload }
      : undefined,
  };
}

function nextOf(result: { nextCursor?: string; total?: number }, body: PageBody, found: number) {
  return {
    ...(result.nextCursor !== undefined && { next_page_cursor: result.nextCursor }),
    ...(found === body.limit && body.cursor == null && { next_page_offset: (body.offset ?? 0) + body.limit }),
    ...(result.total !== undefined && { total_count: result.total }),
  };
}

export const searchRoutes = [ping, similaritySearch, payloadSearch, payloadCount];
