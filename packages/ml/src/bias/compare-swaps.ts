import { type Curve, type Estimate, insufficient } from './estimate.ts';
import { at } from './impression-table.ts';
import { type Layout, toRelative } from './isotonic.ts';
import type { Page } from './read-pages.ts';

/** What became of the item that the ranker put first, by the drawn rank (from 0) that it stood at. */
export interface Swaps {
  queries: string[];
  draws: { query: number; rank: number; isClicked: boolean }[];
}

const clicksMin = 20;

/** Lists whose first item changed places with a rank drawn at random; draws that left it first are the control. */
export function findSwaps(pages: readonly Page[], ranksMax = 50): Swaps {
  const queries = new Map<string, number>();
  const draws: Swaps['draws'] = [];
  for (const { query, items, swapRank } of pages) {
    const item = swapRank === null ? undefined : items.find(({ rank }) => rank === swapRank);
    if (swapRank === null || item === undefined || swapRank > ranksMax) continue;
    const known = queries.get(query) ?? queries.size;
    queries.set(query, known);
    draws.push({ query: known, rank: swapRank - 1, isClicked: item.outcome === 'clicked' });
  }
  return { queries: [...queries.keys()], draws };
}

/** θ_k/θ₁ = click rate of the best item where the draw put it at k, over its rate where the draw left it first. */
export function compareSwaps(
  { draws }: Swaps,
  options: { layout?: Layout; queryWeights?: ArrayLike<number> } = {},
): Estimate<Curve> {
  const { queryWeights, layout = 'list' } = options;
  const ranks = draws.reduce((most, { rank }) => Math.max(most, rank + 1), 0);
  const shown = new Array<number>(ranks).fill(0);
  const clicks = new Array<number>(ranks).fill(0);
  for (const { query, rank, isClicked } of draws) {
    const weight = queryWeights?.[query] ?? 1;
    shown[rank] = at(shown, rank) + weight;
    if (isClicked) clicks[rank] = at(clicks, rank) + weight;
  }
  const total = clicks.reduce((sum, count) => sum + count, 0);
  if (total < clicksMin) return insufficient(`${Math.round(total)} clicks on swapped lists, ${clicksMin} are needed`);
  if (clicks[0] === 0) return insufficient('no click on a list that the draw left alone');
  if (ranks < 2) return insufficient('no list was swapped');
  const rates = shown.map((count, rank) => (count > 0 ? at(clicks, rank) / count : 0));
  const isMeasured = shown.map((count) => count > 0);
  return { kind: 'estimated', theta: toRelative(carryDown(rates, isMeasured), shown, layout), isMeasured };
}

/** Where nothing was measured the value above holds. */
export function carryDown(values: readonly number[], isMeasured: readonly boolean[]): number[] {
  let last = values[0] ?? 1;
  return values.map((value, rank) => {
    if (isMeasured[rank]) last = value;
    return last;
  });
}
