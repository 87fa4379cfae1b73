import { creditOf, type Interleaved } from '@embedding-studio/ml/interleave';
import { createRandom } from '@embedding-studio/ml/ranking';

export const shown = 10;
const candidates = 30;

/** What one query's rankings show, and how likely an item is clicked once it is looked at. */
export interface Query {
  attraction: Map<string, number>;
  first: string[];
  second: string[];
}

/** `pbm`: looks at rank k with chance 1 ÷ √k; `cascade`: goes down the list and stops at the first click. */
export type Searcher = 'pbm' | 'cascade';

/** The second ranking orders by relevance with less noise than the first one, so that searchers find more with it. */
export function makeQueries(options: { count: number; noise: [number, number]; seed: number }): Query[] {
  const random = createRandom(options.seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: options.count }, () => {
    const attraction = new Map(Array.from({ length: candidates }, (_, item) => [`i${item}`, 0.5 * random() ** 4]));
    const order = (spread: number) => {
      const scored = [...attraction].map(([itemId, chance]) => ({ itemId, score: chance + spread * normal() }));
      return scored.sort((left, right) => right.score - left.score).map(({ itemId }) => itemId);
    };
    return { attraction, first: order(options.noise[0]), second: order(options.noise[1]) };
  });
}

/** Places clicked, from 1. */
export function search(
  list: readonly string[],
  given: { query: Query; searcher: Searcher; random: () => number },
): number[] {
  const { query, searcher, random } = given;
  const clicked: number[] = [];
  for (let at = 0; at < Math.min(shown, list.length); at++) {
    const looks = searcher === 'cascade' ? 1 : 1 / Math.sqrt(at + 1);
    if (random() >= looks * (query.attraction.get(list[at] ?? '') ?? 0)) continue;
    clicked.push(at + 1);
    if (searcher === 'cascade') break;
  }
  return clicked;
}

/** 1 where the second list wins the clicks, −1 where the first one does, else 0. */
export function preferenceOf({ teams }: Interleaved, clicked: readonly number[]): number {
  const { winner } = creditOf(
    teams,
    clicked.map((position) => ({ position, weight: 1 })),
  );
  return winner === 'second' ? 1 : winner === 'first' ? -1 : 0;
}
