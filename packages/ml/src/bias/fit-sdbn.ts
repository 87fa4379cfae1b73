import { type Curve, type Estimate, insufficient } from './estimate.ts';
import type { Page } from './read-pages.ts';

export interface SdbnPair {
  query: string;
  itemId: string;
  /** Chance of a click once looked at, and of being content after the click. */
  attraction: number;
  satisfaction: number;
  examined: number;
}

export interface SdbnFit extends Curve {
  pairs: SdbnPair[];
}

export interface SdbnOptions {
  /** Observations that the pooled mean is worth. */
  priorStrength?: number;
  ranksMax?: number;
}

const clicksMin = 20;

interface Counts {
  query: string;
  itemId: string;
  examined: number;
  clicks: number;
  last: number;
}

/**
 * Simplified dynamic Bayesian network: the reader goes down the list, stops when content, so that all down to the last
 * click was looked at, or the whole page without one. Relevance = attraction · satisfaction. θ is the share of pages on
 * which such readers get as far, with what stood above on those very pages.
 */
export function fitSdbn(pages: readonly Page[], options: SdbnOptions = {}): Estimate<SdbnFit> {
  const { priorStrength = 1, ranksMax = 50 } = options;
  const counts = countPairs(pages);
  const totals = { examined: 0, clicks: 0, last: 0 };
  for (const { examined, clicks, last } of counts.values()) {
    totals.examined += examined;
    totals.clicks += clicks;
    totals.last += last;
  }
  if (totals.clicks < clicksMin) return insufficient(`${totals.clicks} clicks, ${clicksMin} are needed`);
  const mean = { attraction: totals.clicks / totals.examined, satisfaction: totals.last / totals.clicks };
  const pairs = new Map<string, SdbnPair>();
  for (const [key, { query, itemId, examined, clicks, last }] of counts) {
    const attraction = (clicks + priorStrength * mean.attraction) / (examined + priorStrength);
    const satisfaction = (last + priorStrength * mean.satisfaction) / (clicks + priorStrength);
    pairs.set(key, { query, itemId, attraction, satisfaction, examined });
  }
  return { kind: 'estimated', pairs: [...pairs.values()], ...followReaders({ pages, pairs, ranksMax }) };
}

const keyOf = (query: string, itemId: string): string => `${query}\u0000${itemId}`;

function countPairs(pages: readonly Page[]): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { query, items } of pages) {
    const lastClick = items.findLastIndex(({ outcome }) => outcome === 'clicked');
    items.forEach(({ itemId, outcome }, index) => {
      const isExamined = lastClick >= 0 ? index <= lastClick : outcome !== 'unseen';
      if (!isExamined) return;
      const key = keyOf(query, itemId);
      const own = counts.get(key) ?? { query, itemId, examined: 0, clicks: 0, last: 0 };
      counts.set(key, own);
      own.examined++;
      if (outcome === 'clicked') own.clicks++;
      if (index === lastClick) own.last++;
    });
  }
  return counts;
}

function followReaders(given: {
  pages: readonly Page[];
  pairs: ReadonlyMap<string, SdbnPair>;
  ranksMax: number;
}): Curve {
  const { pages, pairs, ranksMax } = given;
  const sums: { reached: number; pages: number }[] = [];
  for (const { query, items } of pages) {
    let reached = 1;
    for (const { itemId, rank } of items) {
      if (rank > ranksMax) break;
      const own = sums[rank - 1] ?? { reached: 0, pages: 0 };
      sums[rank - 1] = { reached: own.reached + reached, pages: own.pages + 1 };
      const pair = pairs.get(keyOf(query, itemId));
      if (pair) reached *= 1 - pair.attraction * pair.satisfaction;
    }
  }
  const ranks = Array.from({ length: sums.length }, (_, rank) => sums[rank] ?? { reached: 0, pages: 0 });
  let last = 1;
  const theta = ranks.map(({ reached, pages: count }) => {
    if (count > 0) last = Math.min(1, reached / count);
    return last;
  });
  return { theta, isMeasured: ranks.map(({ pages: count }) => count > 0) };
}
