import { StudioError } from '@embedding-studio/contracts';
import { seedOf } from '../interleave/coin.ts';
import { createRandom } from '../ranking/seeded-random.ts';
import { type ItemCounts, scoreCandidate } from './score-candidate.ts';

/** Highest share of searches that may explore, and the highest place that an explored item may take. */
export const epsilonMax = 0.05;
export const placeFloor = 4;
/** Places below are hardly looked at; items further down hardly answer the query. */
const placeCeiling = 10;
const candidatesMax = 50;

export interface ExploreInput {
  /** Ids of the whole ranking, top first, each once. */
  ranked: readonly string[];
  pageSize: number;
  /** Share of searches that explore, at most `epsilonMax`. */
  epsilon: number;
  /** First place that may be given to an explored item, `placeFloor` at least. */
  placeMin: number;
  /** Asked only when the search explores; undefined: never seen. */
  countsOf: (itemId: string) => ItemCounts | undefined;
  /** The session's id: the same session explores the same way. */
  seed: string;
}

export interface Exploration {
  itemId: string;
  /** Where it was put, from 1. */
  place: number;
  /** Probability that this search puts this item in this place: epsilon ÷ places · its share of the scores. */
  propensity: number;
  /** The places it was drawn from, all alike likely. */
  from: number;
  to: number;
}

/**
 * Gives one place of the first page to an item from behind it, in a share ε of all searches; null in the others, and
 * where nothing stands behind the page. The place is drawn evenly, the item in proportion to the upper bound of its click
 * rate: fresh items come first, none is shut out, and the probability of what happened is known exactly.
 * @throws StudioError INTERNAL for an epsilon or a place out of bounds.
 */
export function explore(input: ExploreInput): Exploration | null {
  const { ranked, pageSize, epsilon, placeMin: from, countsOf } = input;
  check(input);
  const to = Math.min(pageSize, placeCeiling, ranked.length);
  const candidates = ranked.slice(pageSize, pageSize + candidatesMax);
  const random = createRandom(seedOf(`explore ${input.seed}`));
  if (random() >= epsilon || to < from || candidates.length === 0) return null;
  const place = from + Math.floor(random() * (to - from + 1));
  const scores = candidates.map((itemId) => scoreCandidate(countsOf(itemId)));
  const total = scores.reduce((sum, score) => sum + score, 0);
  const at = drawAt(scores, random() * total);
  const share = (scores[at] as number) / total;
  return { itemId: candidates[at] as string, place, propensity: (epsilon / (to - from + 1)) * share, from, to };
}

/** The item in its place; what stood there and below it moves down by one. Unknown items move nothing. */
export function moveItem<T extends { itemId: string }>(
  ranked: readonly T[],
  { itemId, place }: Pick<Exploration, 'itemId' | 'place'>,
): readonly T[] {
  const moved = ranked.find((item) => item.itemId === itemId);
  if (moved === undefined) return ranked;
  const others = ranked.filter((item) => item !== moved);
  return [...others.slice(0, place - 1), moved, ...others.slice(place - 1)];
}

function check({ epsilon, placeMin }: ExploreInput): void {
  if (!(epsilon >= 0 && epsilon <= epsilonMax))
    throw new StudioError('INTERNAL', `epsilon: 0 to ${epsilonMax} is allowed, got ${epsilon}`);
  if (!Number.isInteger(placeMin) || placeMin < placeFloor)
    throw new StudioError('INTERNAL', `placeMin: a whole number from ${placeFloor} is needed, got ${placeMin}`);
}

function drawAt(scores: readonly number[], drawn: number): number {
  let sum = 0;
  const at = scores.findIndex((score) => {
    sum += score;
    return drawn < sum;
  });
  return at === -1 ? scores.length - 1 : at;
}
