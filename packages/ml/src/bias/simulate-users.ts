import type { SessionWithEvents } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '../ranking/seeded-random.ts';

export interface SimulatedItem {
  itemId: string;
  /** Chance of a click once looked at: γ. */
  attraction: number;
  /** Chance of being content after the click; `dbn` users only. Default 1. */
  satisfaction?: number;
}

/** The ranker's own order, best first. */
export interface SimulatedQuery {
  query: string;
  items: SimulatedItem[];
}

export type SimulatedUser =
  /** Looks at rank k with chance `theta[k − 1]`, whatever else is on the page. */
  | { kind: 'pbm'; theta: readonly number[] }
  /** Like `pbm`, but clicks what it holds for relevant: `trusted` of the relevant and `misled` of the others, by rank. */
  | { kind: 'trust'; theta: readonly number[]; trusted: readonly number[]; misled: readonly number[] }
  /** Goes down the list and stops at the first click. */
  | { kind: 'cascade' }
  /** Goes down the list, stops when content with a click, and gives up with chance 1 − `perseverance` otherwise. */
  | { kind: 'dbn'; perseverance: number };

export type SimulatedPolicy =
  | { kind: 'fixed' }
  | { kind: 'random' }
  /** Rank 1 changes places with one of these ranks, drawn evenly; 1 leaves the list alone. */
  | { kind: 'swaps'; ranks: readonly number[] }
  /** Each visit gets one of so many rankers: the own order, and orders of it disturbed by up to `reach` places. */
  | { kind: 'rankers'; count: number; reach: number }
  /** As `rankers`, and on each page an item from behind it stands at a rank drawn evenly from `from` to the last one. */
  | { kind: 'explored'; count: number; reach: number; from: number };

export interface VisitsInput {
  queries: readonly SimulatedQuery[];
  user: SimulatedUser;
  policy: SimulatedPolicy;
  visitsPerQuery: number;
  pageSize: number;
  seed: number;
}

export interface SimulatedVisits {
  sessions: SessionWithEvents[];
  /** Share of the pages on which each rank was looked at: what an estimate is to find. */
  examined: number[];
}

const start = Date.UTC(2026, 0, 5);
const secondsBetween = 60;

/** Visits of users whose way of looking is known. Never people: label whatever is made of it as simulated. */
export function simulateVisits(input: VisitsInput): SimulatedVisits {
  const { queries, user, policy, visitsPerQuery, pageSize, seed } = input;
  const random = createRandom(seed);
  const looks = new Array<number>(pageSize).fill(0);
  const sessions: SessionWithEvents[] = [];
  for (const { query, items } of queries) {
    const orders = 'count' in policy ? makeOrders(items, policy, random) : [];
    for (let visit = 0; visit < visitsPerQuery; visit++) {
      const page = arrange(items, { policy, orders, random, pageSize });
      const shown = page.items.slice(0, pageSize);
      const clicked = browse(shown, { user, random, looks });
      sessions.push(describeVisit({ number: sessions.length, seed, query, shown, clicked, page }));
    }
  }
  return { sessions, examined: looks.map((count) => count / Math.max(1, sessions.length)) };
}

interface Arranged {
  items: readonly SimulatedItem[];
  meta: { order?: 'random'; swapRank?: number; exploration?: { from: number; to: number } };
  explored?: { itemId: string; propensity: number };
}

interface Arranging {
  policy: SimulatedPolicy;
  orders: readonly SimulatedItem[][];
  random: () => number;
  pageSize: number;
}

function arrange(items: readonly SimulatedItem[], given: Arranging): Arranged {
  const { policy, orders, random, pageSize } = given;
  if (policy.kind === 'random') return { items: shuffle(items, random), meta: { order: 'random' } };
  if (policy.kind === 'fixed') return { items, meta: {} };
  const ordered = orders[Math.floor(random() * orders.length)] ?? items;
  if (policy.kind === 'rankers') return { items: ordered, meta: {} };
  if (policy.kind === 'explored') return exploreOrder(ordered, { from: policy.from, to: pageSize, random });
  const swapRank = policy.ranks[Math.floor(random() * policy.ranks.length)] ?? 1;
  const [first, other] = [items[0], items[swapRank - 1]];
  if (first === undefined || other === undefined) return { items, meta: {} };
  const swapped = items.map((item, index) => (index === 0 ? other : index === swapRank - 1 ? first : item));
  return { items: swapped, meta: { swapRank } };
}

function exploreOrder(
  ordered: readonly SimulatedItem[],
  { from, to, random }: { from: number; to: number; random: () => number },
): Arranged {
  const behind = ordered.slice(to);
  const item = behind[Math.floor(random() * behind.length)];
  if (item === undefined) return { items: ordered, meta: {} };
  const place = from + Math.floor(random() * (to - from + 1));
  const propensity = 1 / behind.length / (to - from + 1);
  const items = [...ordered.slice(0, place - 1), item, ...ordered.slice(place - 1).filter((other) => other !== item)];
  return { items, meta: { exploration: { from, to } }, explored: { itemId: item.itemId, propensity } };
}

function makeOrders(
  items: readonly SimulatedItem[],
  policy: { count: number; reach: number },
  random: () => number,
): SimulatedItem[][] {
  return Array.from({ length: policy.count }, (_, ranker) => {
    const placed = items.map((item, index) => ({ item, at: index + (ranker === 0 ? 0 : random() * policy.reach) }));
    return placed.sort((left, right) => left.at - right.at).map(({ item }) => item);
  });
}

function browse(
  shown: readonly SimulatedItem[],
  given: { user: SimulatedUser; random: () => number; looks: number[] },
): string[] {
  const { user, random, looks } = given;
  const clicked: string[] = [];
  for (const [index, item] of shown.entries()) {
    const isLookedAt = 'theta' in user ? random() < (user.theta[index] ?? 0) : true;
    if (!isLookedAt) continue;
    looks[index] = (looks[index] ?? 0) + 1;
    const isClicked = random() < clickChanceOf(item, user, index);
    if (isClicked) clicked.push(item.itemId);
    if (stops(item, { user, isClicked, random })) break;
  }
  return clicked;
}

function clickChanceOf({ attraction }: SimulatedItem, user: SimulatedUser, index: number): number {
  if (user.kind !== 'trust') return attraction;
  return attraction * (user.trusted[index] ?? 1) + (1 - attraction) * (user.misled[index] ?? 0);
}

function stops(
  { satisfaction = 1 }: SimulatedItem,
  { user, isClicked, random }: { user: SimulatedUser; isClicked: boolean; random: () => number },
): boolean {
  if (user.kind === 'cascade') return isClicked;
  if (user.kind !== 'dbn') return false;
  return (isClicked && random() < satisfaction) || random() >= user.perseverance;
}

function describeVisit(visit: {
  number: number;
  seed: number;
  query: string;
  shown: readonly SimulatedItem[];
  clicked: readonly string[];
  page: Arranged;
}): SessionWithEvents {
  const { number, seed, query, shown, clicked } = visit;
  const { meta, explored } = visit.page;
  const sessionId = `simulated-${seed}-${number + 1}`;
  const createdAt = new Date(start + number * secondsBetween * 1_000);
  return {
    ...{ sessionId, query, createdAt, isIrrelevant: false, batchId: 'simulated', sessionNumber: number + 1 },
    shown: shown.map(({ itemId }) => ({
      itemId,
      ...(itemId === explored?.itemId && { propensity: explored.propensity }),
    })),
    searchMeta: { isSimulated: true, ...meta },
    events: clicked.map((itemId, index) => ({
      ...{ sessionId, itemId, eventId: `${sessionId}-${index + 1}`, type: 'click', createdAt, receivedAt: createdAt },
    })),
  };
}
