import { type LiveAnswer, SessionId } from '@embedding-studio/contracts';
import { fuseCandidates, type RankedItem } from '@embedding-studio/ml/ranking';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { answerFromLive, profileFor } from './answer-from-live.ts';
import { storeSearchSession } from './store-search-session.ts';

export const SearchItemsInput = z.object({
  query: z.string().trim().min(1).max(2_000),
  limit: z.number().int().min(1).max(1_000).default(10),
  offset: z.number().int().min(0).max(10_000).default(0),
  withTotal: z.boolean().default(false),
  legs: z.enum(['fused', 'vector', 'lexical']).default('fused'),
  sessionId: SessionId.optional(),
  createSession: z.boolean().default(false),
  userId: z.string().min(1).max(128).optional(),
  explain: z.boolean().default(false),
});
export type SearchItemsInput = z.input<typeof SearchItemsInput>;
export type ParsedSearch = z.output<typeof SearchItemsInput>;

export interface SearchHit {
  itemId: string;
  /** What the order is made of; higher is better. */
  score: number;
  /** Cosine distance of the item's best part, 0–2; 1 when only words were compared. */
  distance: number;
  title: string;
  payload: Record<string, unknown>;
  explain?: { cosine: number | null; lexical: number; lexicalScale: number; rank: number };
}

export interface SearchItemsResult {
  hits: SearchHit[];
  /** Items in the collection that answered; only when asked for. */
  total?: number;
  sessionId?: string;
  collectionId: string;
  modelId: string;
  /** What was left out to answer at all: `lexical_only`, `session_not_stored`. Empty when all is well. */
  degraded: string[];
}

/** Ranks the items of the live collection for a query, by meaning and by words. */
export async function searchItems({ ctx, input }: { ctx: Ctx; input: SearchItemsInput }): Promise<SearchItemsResult> {
  authorise(ctx, 'search.read');
  const search = parseInput(SearchItemsInput, input);
  if (search.createSession) authorise(ctx, 'session.write');
  const { live, ...answer } = await answerFromLive(ctx, search);
  const profile = profileFor(live.collection.ranking, search.legs, answer.hasVector);
  const ranked = fuseCandidates(answer.candidates, profile).slice(search.offset, search.offset + search.limit);
  const result: SearchItemsResult = {
    hits: await describeHits(ctx, { ranked, answer, search }),
    collectionId: live.collection.id,
    modelId: live.collection.modelId,
    degraded: answer.degraded,
  };
  if (search.withTotal) result.total = (await ctx.deps.collections.countVectors(live.collection.id)).items;
  if (search.createSession) await storeSearchSession(ctx, { search, result });
  return result;
}

async function describeHits(
  ctx: Ctx,
  options: { ranked: RankedItem[]; answer: LiveAnswer; search: ParsedSearch },
): Promise<SearchHit[]> {
  const { ranked, answer, search } = options;
  const itemById = new Map(answer.hits.map((item) => [item.id, item]));
  const unread = ranked.filter((hit) => !itemById.has(hit.itemId)).map((hit) => hit.itemId);
  for (const item of await ctx.deps.items.findHits(unread)) itemById.set(item.id, item);
  // One scale for all: it belongs to the query's words.
  const lexicalScale = answer.candidates[0]?.lexicalScale ?? 0;
  return ranked.flatMap(({ itemId, score, cosine, lexical }, index) => {
    const item = itemById.get(itemId);
    if (item === undefined) return [];
    const distance = cosine === null ? 1 : 1 - cosine;
    const described: SearchHit = { itemId, score, distance, title: item.title, payload: item.payload };
    if (search.explain) described.explain = { cosine, lexical, lexicalScale, rank: search.offset + index + 1 };
    return [described];
  });
}
