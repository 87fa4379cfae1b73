import { z } from 'zod';
import { defineRoute } from '../route.ts';
import { SimilaritySearchAnswer, SimilaritySearchBody } from '../schemas/search.ts';

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

async function runSearch(
  caller: Parameters<typeof ping.run>[0],
  body: z.output<typeof SimilaritySearchBody>,
): Promise<z.input<typeof SimilaritySearchAnswer>> {
  const offset = body.offset ?? 0;
  const result = await caller.search.searchItems({
    query: typeof body.search_query === 'string' ? body.search_query : body.search_query.text,
    limit: body.limit,
    offset,
    legs: body.ranking,
    explain: body.explain,
    createSession: body.create_session,
    sessionId: body.session_id ?? undefined,
    userId: body.user_id ?? undefined,
  });
  const nearest = body.max_distance ?? null;
  const kept = result.hits.filter((hit) => nearest === null || (hit.distance !== null && hit.distance <= nearest));
  return {
    ...(result.hits.length === body.limit && { next_page_offset: offset + body.limit }),
    ...(result.sessionId !== undefined && { session_id: result.sessionId }),
    search_results: kept.map((hit) => ({
      object_id: hit.itemId,
      distance: hit.distance,
      score: hit.score,
      payload: { title: hit.title, ...hit.payload },
      ...(hit.explain && { meta: { ...hit.explain } }),
    })),
    degraded: result.degraded,
    meta_info: { subset_count: kept.length, collection_id: result.collectionId, embedding_model_id: result.modelId },
  };
}

export const searchRoutes = [ping, similaritySearch];
