import {
  type Candidate,
  isStudioError,
  type LiveCollection,
  type RankingProfile,
  SessionId,
  StudioError,
} from '@embedding-studio/contracts';
import { fuseCandidates, type RankedItem } from '@embedding-studio/ml/ranking';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { resolveLive } from './resolve-live.ts';
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
type ParsedSearch = z.output<typeof SearchItemsInput>;

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
  const live = await resolveLive(ctx);
  const degraded: string[] = [];
  const vector = search.legs === 'lexical' ? null : await embedQuery(ctx, { search, live, degraded });
  const candidates = await findCandidates(ctx, { search, live, vector });
  const profile = profileFor(live.collection.ranking, search.legs, vector !== null);
  const ranked = fuseCandidates(candidates, profile).slice(search.offset, search.offset + search.limit);
  const hits = await describeHits(ctx, { ranked, candidates, search });
  const result: SearchItemsResult = {
    hits,
    collectionId: live.collection.id,
    modelId: live.collection.modelId,
    degraded,
  };
  if (search.withTotal) result.total = (await ctx.deps.collections.countVectors(live.collection.id)).items;
  if (search.createSession) await storeSearchSession(ctx, { search, result });
  return result;
}

async function embedQuery(
  ctx: Ctx,
  options: { search: ParsedSearch; live: LiveCollection; degraded: string[] },
): Promise<Float32Array | null> {
  const { search, live, degraded } = options;
  try {
    const [vector] = await ctx.deps.encoder.embed({
      modelId: live.collection.modelId,
      texts: [search.query],
      kind: 'query',
      signal: ctx.signal,
    });
    if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The encoder returned no vector.');
    return vector;
  } catch (error) {
    if (search.legs === 'vector' || !isStudioError(error) || error.code !== 'MODEL_SERVER_UNAVAILABLE') throw error;
    ctx.deps.log.warn({ modelId: live.collection.modelId, code: error.code }, 'search falls back to words only');
    degraded.push('lexical_only');
    return null;
  }
}

function findCandidates(
  ctx: Ctx,
  options: { search: ParsedSearch; live: LiveCollection; vector: Float32Array | null },
): Promise<Candidate[]> {
  const { search, live, vector } = options;
  const depth = Math.max(100, 2 * (search.offset + search.limit));
  return ctx.deps.collections.findCandidates({
    collectionId: live.collection.id,
    text: search.query,
    vector,
    depth,
    lexical: live.collection.ranking.lexical,
    efSearch: Math.min(1_000, Math.max(live.collection.ranking.efSearch, depth)),
  });
}

/** A leg asked for alone, or left alone by a failure, takes all the weight. */
export function profileFor(profile: RankingProfile, legs: ParsedSearch['legs'], hasVector: boolean): RankingProfile {
  if (legs === 'vector') return { ...profile, vectorWeight: 1 };
  return hasVector ? profile : { ...profile, vectorWeight: 0 };
}

async function describeHits(
  ctx: Ctx,
  options: { ranked: RankedItem[]; candidates: Candidate[]; search: ParsedSearch },
): Promise<SearchHit[]> {
  const { ranked, candidates, search } = options;
  const items = await ctx.deps.items.findHits(ranked.map((hit) => hit.itemId));
  const itemById = new Map(items.map((item) => [item.id, item]));
  // One scale for all: it belongs to the query's words.
  const lexicalScale = candidates[0]?.lexicalScale ?? 0;
  return ranked.flatMap(({ itemId, score, cosine, lexical }, index) => {
    const item = itemById.get(itemId);
    if (item === undefined) return [];
    const distance = cosine === null ? 1 : 1 - cosine;
    const described: SearchHit = { itemId, score, distance, title: item.title, payload: item.payload };
    if (search.explain) described.explain = { cosine, lexical, lexicalScale, rank: search.offset + index + 1 };
    return [described];
  });
}
