import type { FoundCandidate } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import type { Improved } from '../improvement/overlay-search.ts';
import type { Answer } from './answer-from-live.ts';
import type { PlacedItem } from './apply-rankers.ts';
import { toDistance } from './distance.ts';
import type { ParsedSearch } from './search-input.ts';

export interface HitExplanation {
  /** Place in the answer, from 1. */
  rank: number;
  cosine: number | null;
  /** BM25F of the query's words, and the sum of their idf. */
  lexical: number;
  lexicalScale: number;
  /** The two addends of the score. */
  vectorPart: number;
  lexicalPart: number;
  /** Place in each leg, from 1; null where that leg did not find it. */
  vectorRank: number | null;
  lexicalRank: number | null;
  /** What clicks added to the cosine, and the version of the overlay that did; null where they say nothing. */
  overlay: { delta: number; version: number } | null;
  /** What the collection's rankers say of it, by plugin id; absent without any. */
  plugins?: PlacedItem['plugins'];
}

export interface SearchHit {
  itemId: string;
  /** What the order is made of; higher is better. */
  score: number;
  /** In the metric asked for; as if the cosine were 0 where only words were compared. */
  distance: number;
  title: string;
  payload: Record<string, unknown>;
  explain?: HitExplanation;
}

export interface Described {
  ranked: readonly PlacedItem[];
  answer: Pick<Answer, 'hits' | 'candidates'>;
  search: Pick<ParsedSearch, 'explain' | 'metric'>;
  /** Items before the page. */
  start: number;
}

/** Hits with what is shown of them, and why they stand where they do where that was asked for. */
export async function describeHits(ctx: Ctx, { ranked, answer, search, start }: Described): Promise<SearchHit[]> {
  const itemById = new Map(answer.hits.map((item) => [item.id, item]));
  const unread = ranked.filter((hit) => !itemById.has(hit.itemId)).map((hit) => hit.itemId);
  for (const item of await ctx.deps.items.findHits(unread)) itemById.set(item.id, item);
  const foundById = new Map(search.explain ? answer.candidates.map((found) => [found.itemId, found]) : []);
  return ranked.flatMap((hit, index) => {
    const item = itemById.get(hit.itemId);
    if (item === undefined) return [];
    const found = foundById.get(hit.itemId);
    return [
      {
        itemId: hit.itemId,
        score: hit.score,
        distance: toDistance(hit.cosine ?? 0, search.metric),
        title: item.title,
        payload: item.payload,
        ...(found && { explain: explainHit(hit, { found, rank: start + index + 1 }) }),
      },
    ];
  });
}

function explainHit(
  hit: PlacedItem,
  { found, rank }: { found: Improved<FoundCandidate>; rank: number },
): HitExplanation {
  const { cosine, lexical, vectorPart, lexicalPart } = hit;
  const { lexicalScale, vectorRank, lexicalRank, overlay = null } = found;
  const said = { rank, cosine, lexical, lexicalScale, vectorPart, lexicalPart, vectorRank, lexicalRank, overlay };
  return hit.plugins === undefined ? said : { ...said, plugins: hit.plugins };
}
