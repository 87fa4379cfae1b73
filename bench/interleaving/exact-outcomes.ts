import type { Interleaved } from '@embedding-studio/ml/interleave';
import { type Query, type Searcher, shown } from './simulate-searchers.ts';

/** Mean and mean square of what one search of one list gives, worked out and not drawn. */
export interface Outcome {
  mean: number;
  square: number;
}

/** Chance of a click at each place, from the top; of a cascade only the first click of a search counts, as there is one. */
function chancesOf(list: readonly string[], { attraction }: Query, searcher: Searcher): number[] {
  let goesOn = 1;
  return list.slice(0, shown).map((itemId, at) => {
    const drawn = attraction.get(itemId) ?? 0;
    if (searcher === 'pbm') return drawn / Math.sqrt(at + 1);
    const chance = goesOn * drawn;
    goesOn *= 1 - drawn;
    return chance;
  });
}

/** Of `1 ÷ place of the first click` (`mrr`), or of whether there is a click at all (`ctr`). */
export function expectFirstClick(
  list: readonly string[],
  given: { query: Query; searcher: Searcher; metric: 'ctr' | 'mrr' },
): Outcome {
  const { query, searcher, metric } = given;
  const outcome = { mean: 0, square: 0 };
  let unclicked = 1;
  for (const [at, chance] of chancesOf(list, query, searcher).entries()) {
    const isFirst = searcher === 'pbm' ? unclicked * chance : chance;
    unclicked *= 1 - chance;
    const value = metric === 'ctr' ? 1 : 1 / (at + 1);
    outcome.mean += isFirst * value;
    outcome.square += isFirst * value ** 2;
  }
  return outcome;
}

/** Of 1 where the second list gets more clicks, −1 where the first one does, else 0. */
export function expectPreference({ items, teams }: Interleaved, query: Query, searcher: Searcher): Outcome {
  const chances = chancesOf(items, query, searcher);
  const of = (team: string) => chances.filter((_, at) => teams[at] === team);
  const [wins, losses] = searcher === 'cascade' ? [sum(of('B')), sum(of('A'))] : compareCounts(of('B'), of('A'));
  return { mean: wins - losses, square: wins + losses };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Chances that more of the left come true than of the right, and the other way round; all are independent. */
function compareCounts(left: readonly number[], right: readonly number[]): [number, number] {
  const [mine, theirs] = [countChances(left), countChances(right)];
  let [more, fewer] = [0, 0];
  for (const [at, chance] of mine.entries())
    for (const [other, chanceOfOther] of theirs.entries())
      if (at > other) more += chance * chanceOfOther;
      else if (at < other) fewer += chance * chanceOfOther;
  return [more, fewer];
}

/** By how many of them come true. */
function countChances(chances: readonly number[]): number[] {
  let counts = [1];
  for (const chance of chances)
    counts = [...counts, 0].map((same, at) => same * (1 - chance) + (counts[at - 1] ?? 0) * chance);
  return counts;
}
