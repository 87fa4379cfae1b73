import { type Estimate, insufficient } from './estimate.ts';
import { at, type ImpressionTable } from './impression-table.ts';

/** P(click at rank) = α·γ + β: readers click some of what is not relevant because of where it stands. */
export interface TrustRank {
  alpha: number;
  beta: number;
  pairs: number;
}

export interface TrustFit {
  /** From rank 1; null where the clicks of a rank do not tell the two apart. */
  ranks: (TrustRank | null)[];
  /**
   * `relevance`: γ was given. `rank 1`: γ is what the same item got at rank 1, so that α₁ = 1 and β₁ = 0 by definition,
   * and the trust that rank 1 itself enjoys is not known: below it β is negative where readers are misled less.
   */
  scale: 'relevance' | 'rank 1';
}

const pairsMin = 20;
const shownAtFirst = 5;
/** The spread of γ must stand out from the noise of counting it by so much. */
const signalMin = 0.25;

/** One pair at one rank: its relevance as far as known, and what it got there. */
interface Point {
  relevance: number;
  /** Variance of counting `relevance`. */
  noise: number;
  rate: number;
  weight: number;
}

/**
 * Affine position and trust bias per rank, from γ of judged items (`relevanceOf`, a chance from 0 to 1), or without
 * judgements from items that stood at rank 1 often and elsewhere as well. One click rate per rank cannot tell trust from
 * looking: where γ does not vary, or an item never moves, nothing is identified and it is said so.
 */
export function fitTrust(
  table: ImpressionTable,
  relevanceOf?: (query: string, itemId: string) => number | null,
): Estimate<TrustFit> {
  const points = relevanceOf ? collectJudged(table, relevanceOf) : collectMoved(table);
  const ranks = points.map((own) => fitRank(own));
  if (!relevanceOf && ranks.length > 0) ranks[0] = { alpha: 1, beta: 0, pairs: points[0]?.length ?? 0 };
  const known = ranks.filter((rank, index) => rank !== null && (relevanceOf || index > 0)).length;
  if (known > 0) return { kind: 'estimated', ranks, scale: relevanceOf ? 'relevance' : 'rank 1' };
  return insufficient(
    relevanceOf
      ? `no rank has ${pairsMin} judged items of different relevance`
      : `no rank has ${pairsMin} items of different relevance that also stood ${shownAtFirst} times at rank 1`,
  );
}

/** Clicks above what trust alone brings, per unit of α: an unbiased count of relevance. */
export function correctTrust(clicks: number, shown: number, { alpha, beta }: TrustRank): number {
  return (clicks - beta * shown) / alpha;
}

function collectJudged(
  table: ImpressionTable,
  relevanceOf: (query: string, itemId: string) => number | null,
): Point[][] {
  return collect(table, (pair) => {
    const { pairs, queries } = table;
    const relevance = relevanceOf(queries[at(pairs.queryOf, pair)] ?? '', pairs.itemIds[pair] ?? '');
    return relevance === null ? null : { relevance, noise: 0 };
  });
}

function collectMoved(table: ImpressionTable): Point[][] {
  const { pairs, cells } = table;
  return collect(table, (pair) => {
    for (let cell = at(pairs.start, pair); cell < at(pairs.start, pair + 1); cell++) {
      const shown = at(cells.shown, cell);
      if (at(cells.rank, cell) !== 0 || shown < shownAtFirst) continue;
      const relevance = at(cells.clicks, cell) / shown;
      return { relevance, noise: (relevance * (1 - relevance)) / (shown - 1) };
    }
    return null;
  });
}

function collect(
  { ranks, pairs, cells }: ImpressionTable,
  know: (pair: number) => { relevance: number; noise: number } | null,
): Point[][] {
  const points = Array.from({ length: ranks }, (): Point[] => []);
  for (let pair = 0; pair < pairs.itemIds.length; pair++) {
    const known = know(pair);
    if (known === null) continue;
    for (let cell = at(pairs.start, pair); cell < at(pairs.start, pair + 1); cell++) {
      const shown = at(cells.shown, cell);
      points[at(cells.rank, cell)]?.push({ ...known, rate: at(cells.clicks, cell) / shown, weight: shown });
    }
  }
  return points;
}

/** Weighted straight line; the counting noise of γ is taken out of its spread, or the slope would be too flat. */
function fitRank(points: readonly Point[]): TrustRank | null {
  if (points.length < pairsMin) return null;
  const total = sumOf(points, () => 1);
  const meanX = sumOf(points, ({ relevance }) => relevance) / total;
  const meanY = sumOf(points, ({ rate }) => rate) / total;
  const spread = sumOf(points, ({ relevance }) => (relevance - meanX) ** 2) / total;
  const signal = spread - sumOf(points, ({ noise }) => noise) / total;
  const common = sumOf(points, ({ relevance, rate }) => (relevance - meanX) * (rate - meanY)) / total;
  if (!(signal > 1e-6 && signal >= signalMin * spread) || common <= 0) return null;
  const alpha = common / signal;
  return { alpha, beta: meanY - alpha * meanX, pairs: points.length };
}

function sumOf(points: readonly Point[], value: (point: Point) => number): number {
  return points.reduce((sum, point) => sum + point.weight * value(point), 0);
}
