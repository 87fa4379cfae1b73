import type { SessionWithEvents } from '@embedding-studio/contracts';
import { type ClickWeightOptions, findRejected, findSeen, weighClicks } from '../clicks/click-weights.ts';
import { normaliseQuery } from '../clicks/normalise-query.ts';
import { cleanSessions, type DropReason } from '../clicks/session-hygiene.ts';
import { rankShown } from '../clicks/shown-ranks.ts';

/**
 * `passed`: on the page and not clicked, so looked at or not. `unseen`: certainly not looked at, as the viewport says;
 * nothing about its relevance.
 */
export type Outcome = 'clicked' | 'passed' | 'unseen';

export interface ShownItem {
  itemId: string;
  /** From 1. */
  rank: number;
  outcome: Outcome;
  /** Satisfaction, 0 … 5; 0 unless clicked. */
  weight: number;
}

/** One rendered list, by rank. */
export interface Page {
  /** Normalised. */
  query: string;
  items: ShownItem[];
  /** The order was drawn at random, so that what stands where says nothing about relevance. */
  isRandom: boolean;
  /** The drawn rank that rank 1 was exchanged with (1: left alone); null where no such draw took place. */
  swapRank: number | null;
  /** An item that exploration put at a rank drawn evenly from this range, whatever item it was. */
  drawn?: { rank: number; from: number; to: number };
}

export type PageDropReason = DropReason | 'positions_unknown';

export interface Pages {
  pages: Page[];
  /** Sessions left out, by reason. */
  dropped: Partial<Record<PageDropReason, number>>;
  /** Results that a session lists below what was rendered: no impression at all. */
  unrendered: number;
}

/**
 * Sessions → what was shown where and what came of it. `searchMeta` may say: `order` (`random`, or `unknown`: left out),
 * `swapRank`, `rendered` (results put on the page), `offset` (results on the pages before) and `exploration` (the ranks
 * that the one with a propensity was drawn from).
 */
export function readPages(sessions: readonly SessionWithEvents[], options: ClickWeightOptions = {}): Pages {
  const { usable, dropped } = cleanSessions(sessions, { ...options, keepsUnclicked: true });
  const found: Pages = { pages: [], dropped: { ...dropped }, unrendered: 0 };
  for (const session of usable) {
    const ranks = knowsPositions(session) ? rankShown(session) : new Map<string, number>();
    const page = readPage(session, ranks, options);
    if (page.items.length === 0) found.dropped.positions_unknown = (found.dropped.positions_unknown ?? 0) + 1;
    else found.pages.push(page);
    found.unrendered += ranks.size - page.items.length;
  }
  return found;
}

/** Every result has its own position, or none has one and the listed order is to be taken at its word. */
function knowsPositions({ shown, searchMeta }: SessionWithEvents): boolean {
  if (searchMeta?.order === 'unknown') return false;
  const positions = shown.flatMap(({ position }) => position ?? []);
  return positions.length === 0 || new Set(positions).size === shown.length;
}

function readPage(session: SessionWithEvents, ranks: ReadonlyMap<string, number>, options: ClickWeightOptions): Page {
  const { searchMeta, query } = session;
  const weights = weighClicks(session, options);
  const rendered = countOf(searchMeta?.rendered) ?? Number.POSITIVE_INFINITY;
  const inOrder = [...ranks].sort(([, left], [, right]) => left - right);
  const placed = inOrder.filter(([itemId, rank]) => rank <= rendered || weights.has(itemId));
  const lowestSeen = findLowestSeen(session, ranks, weights);
  const items = placed.map(([itemId, rank]): ShownItem => {
    const weight = weights.get(itemId);
    if (weight !== undefined) return { itemId, rank, outcome: 'clicked', weight };
    return { itemId, rank, outcome: rank > lowestSeen ? 'unseen' : 'passed', weight: 0 };
  });
  const isRandom = searchMeta?.order === 'random';
  const drawn = findDrawn(session, ranks);
  const page = { query: normaliseQuery(query), items, isRandom, swapRank: countOf(searchMeta?.swapRank) };
  return drawn === null ? page : { ...page, drawn };
}

function findDrawn({ shown, searchMeta }: SessionWithEvents, ranks: ReadonlyMap<string, number>): Page['drawn'] | null {
  const { from, to } = (searchMeta?.exploration ?? {}) as Record<string, unknown>;
  const range = { from: countOf(from) ?? 0, to: countOf(to) ?? 0 };
  const rank = ranks.get(shown.find(({ propensity }) => propensity !== undefined)?.itemId ?? '') ?? 0;
  return range.from > 0 && rank >= range.from && rank <= range.to ? { rank, ...range } : null;
}

/** The lowest rank that was on screen; infinite where the client does not report it. */
function findLowestSeen(
  session: SessionWithEvents,
  ranks: ReadonlyMap<string, number>,
  weights: ReadonlyMap<string, number>,
): number {
  const seen = findSeen(session);
  if (seen.size === 0) return Number.POSITIVE_INFINITY;
  const known = [...seen, ...findRejected(session), ...weights.keys()].map((itemId) => ranks.get(itemId) ?? 0);
  return Math.max(...known);
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : null;
}
