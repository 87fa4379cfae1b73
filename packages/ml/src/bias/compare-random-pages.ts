import { type Curve, type Estimate, insufficient } from './estimate.ts';
import { at } from './impression-table.ts';
import { type Layout, toRelative } from './isotonic.ts';
import type { Page } from './read-pages.ts';

/** Pages in random order, grouped by the ranks they fill; ranks count from 0 here. */
export interface RandomPages {
  ranks: number;
  queries: string[];
  groups: { ranks: number[]; pages: { query: number; clicked: number[] }[] }[];
}

const clicksMin = 20;
const roundsMax = 200;

export function groupRandomPages(pages: readonly Page[], ranksMax = 50): RandomPages {
  const queries = new Map<string, number>();
  const groups = new Map<string, RandomPages['groups'][number]>();
  let ranks = 0;
  for (const { query, items, isRandom } of pages) {
    if (!isRandom) continue;
    const kept = items.filter(({ rank }) => rank <= ranksMax);
    const places = kept.map(({ rank }) => rank - 1);
    ranks = Math.max(ranks, ...places.map((place) => place + 1));
    const known = queries.get(query) ?? queries.size;
    queries.set(query, known);
    const key = places.join(' ');
    const group = groups.get(key) ?? { ranks: places, pages: [] };
    groups.set(key, group);
    const clicked = kept.filter(({ outcome }) => outcome === 'clicked').map(({ rank }) => rank - 1);
    group.pages.push({ query: known, clicked });
  }
  return { ranks, queries: [...queries.keys()], groups: [...groups.values()] };
}

/**
 * On a page in random order every item is as likely at one rank as at another: θ_k/θ₁ is the ratio of clicks. Pages of
 * different lengths are compared within their length, by the θ under which each rank gets its share of every page's
 * clicks.
 */
export function compareRandomPages(
  given: RandomPages,
  options: { layout?: Layout; queryWeights?: ArrayLike<number> } = {},
): Estimate<Curve> {
  const { queryWeights, layout = 'list' } = options;
  const clicks = new Array<number>(given.ranks).fill(0);
  const groups = given.groups.map(({ ranks, pages }) => {
    let total = 0;
    for (const { query, clicked } of pages) {
      const weight = queryWeights?.[query] ?? 1;
      total += weight * clicked.length;
      for (const rank of clicked) clicks[rank] = at(clicks, rank) + weight;
    }
    return { ranks, total };
  });
  const total = clicks.reduce((sum, count) => sum + count, 0);
  if (total < clicksMin)
    return insufficient(`${Math.round(total)} clicks on pages in random order, ${clicksMin} are needed`);
  if (clicks[0] === 0) return insufficient('rank 1 of the pages in random order was never clicked');
  const { rates, demand } = shareClicks(groups, clicks);
  const theta = toRelative(rates, demand, layout);
  return { kind: 'estimated', theta, isMeasured: clicks.map((count) => count > 0) };
}

/** θ_k = C_k / Σ over the groups that fill k of clicks / Σθ, repeated until it stands. */
function shareClicks(groups: readonly { ranks: number[]; total: number }[], clicks: readonly number[]) {
  let rates = clicks.map(() => 1);
  let demand: number[] = [];
  for (let round = 0; round < roundsMax; round++) {
    demand = demandOf(groups, rates);
    const next = demand.map((sum, rank) => (sum > 0 ? at(clicks, rank) / sum : 0));
    const moved = next.reduce((most, value, rank) => Math.max(most, Math.abs(value - at(rates, rank))), 0);
    rates = next;
    if (moved < 1e-9) break;
  }
  return { rates, demand };
}

function demandOf(groups: readonly { ranks: number[]; total: number }[], rates: readonly number[]): number[] {
  const demand = new Array<number>(rates.length).fill(0);
  for (const { ranks, total } of groups) {
    const sum = ranks.reduce((all, rank) => all + at(rates, rank), 0);
    for (const rank of ranks) demand[rank] = at(demand, rank) + (sum > 0 ? total / sum : 0);
  }
  return demand;
}
