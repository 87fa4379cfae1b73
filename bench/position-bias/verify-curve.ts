import type { SessionWithEvents } from '@embedding-studio/contracts';
import { type Page, type Pages, readPages } from '@embedding-studio/ml/bias';
import { sessionsToTrainingQueries } from '@embedding-studio/ml/clicks';
import { pairedBootstrap } from '@embedding-studio/stats';

export interface Gain {
  clicks: number;
  /** Nats that the curve foretells a click better than "every rank alike", with its interval over pages. */
  mean: number;
  lo: number;
  hi: number;
}

const seed = 1;

/** On pages that the curve was not fitted on: does it say better which rank of the page a click goes to? */
export function foretellClicks(pages: readonly Page[], theta: readonly number[]): Gain | null {
  const chanceAt = (rank: number) => theta[rank - 1] ?? theta.at(-1) ?? 1;
  const gains: number[] = [];
  let clicks = 0;
  for (const { items } of pages) {
    const mean = items.reduce((sum, { rank }) => sum + chanceAt(rank), 0) / Math.max(1, items.length);
    const clicked = items.filter(({ outcome }) => outcome === 'clicked');
    if (clicked.length === 0) continue;
    clicks += clicked.length;
    gains.push(clicked.reduce((sum, { rank }) => sum + Math.log(chanceAt(rank) / mean), 0));
  }
  const interval = pairedBootstrap(gains, { resamples: 2_000, seed });
  if (interval.kind !== 'estimated') return null;
  const perClick = gains.length / clicks;
  return { clicks, mean: interval.mean * perClick, lo: interval.lo * perClick, hi: interval.hi * perClick };
}

export interface LabelChange {
  queries: number;
  /** Queries in which any weight changed by more than 1 %. */
  changed: number;
  /** Half the sum of changes over the sum of weights. */
  moved: number;
  largestRatio: number;
}

/** What the training set's weights would look like with the curve and without, if the order were a ranker's. */
export function compareLabels(sessions: readonly SessionWithEvents[], propensities: readonly number[]): LabelChange {
  const ranked = sessions.map((session) => ({ ...session, searchMeta: {} }));
  const plain = sessionsToTrainingQueries(ranked).queries;
  const debiased = sessionsToTrainingQueries(ranked, { propensities }).queries;
  const change: LabelChange = { queries: plain.length, changed: 0, moved: 0, largestRatio: 1 };
  let total = 0;
  plain.forEach((query, at) => {
    let isChanged = false;
    query.clicked.forEach(({ weight }, index) => {
      const next = debiased[at]?.clicked[index]?.weight ?? weight;
      total += weight;
      change.moved += Math.abs(next - weight) / 2;
      change.largestRatio = Math.max(change.largestRatio, next / weight);
      if (Math.abs(next / weight - 1) > 0.01) isChanged = true;
    });
    if (isChanged) change.changed++;
  });
  change.moved /= Math.max(1e-9, total);
  return change;
}

export interface Agreement {
  items: number;
  plain: number;
  debiased: number;
}

const shownMin = 5;

/**
 * Click rate of each item on training pages, as counted and per expected look, against its click rate on other people's
 * pages: Spearman's rank correlation over items shown often enough in both.
 */
export function compareItemRates(
  train: Pages,
  other: readonly SessionWithEvents[],
  theta: readonly number[],
): Agreement {
  const seen = countItems(train.pages, theta);
  const later = countItems(readPages(other).pages, theta);
  const both = [...seen.keys()].filter(
    (id) => (later.get(id)?.shown ?? 0) >= shownMin && (seen.get(id)?.shown ?? 0) >= shownMin,
  );
  const rates = (of: typeof seen, by: 'shown' | 'looks') =>
    both.map((id) => (of.get(id)?.clicks ?? 0) / (of.get(id)?.[by] ?? 1));
  const truth = rates(later, 'shown');
  return {
    items: both.length,
    plain: correlate(rankAll(rates(seen, 'shown')), rankAll(truth)),
    debiased: correlate(rankAll(rates(seen, 'looks')), rankAll(truth)),
  };
}

function countItems(pages: readonly Page[], theta: readonly number[]) {
  const counts = new Map<string, { shown: number; looks: number; clicks: number }>();
  for (const { items } of pages)
    for (const { itemId, rank, outcome } of items) {
      const own = counts.get(itemId) ?? { shown: 0, looks: 0, clicks: 0 };
      counts.set(itemId, own);
      own.shown++;
      own.looks += theta[rank - 1] ?? theta.at(-1) ?? 1;
      if (outcome === 'clicked') own.clicks++;
    }
  return counts;
}

/** Ranks from 0, ties shared. */
export function rankAll(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (let at = start; at < end; at++) ranks[order[at] ?? 0] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}

export function correlate(one: readonly number[], other: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [left, right] = [mean(one), mean(other)];
  let [common, own, others] = [0, 0, 0];
  one.forEach((value, at) => {
    const next = other[at] ?? 0;
    common += (value - left) * (next - right);
    own += (value - left) ** 2;
    others += (next - right) ** 2;
  });
  return common / Math.sqrt(own * others);
}
