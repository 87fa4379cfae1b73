import { carryDown } from './compare-swaps.ts';
import { type Curve, type Estimate, insufficient } from './estimate.ts';
import { at, countByRank, type ImpressionTable } from './impression-table.ts';
import { type Layout, toRelative } from './isotonic.ts';

const clicksMin = 20;

/**
 * Click rate of each rank over that of rank 1. It takes all of the ranker's merit for position bias, so that the true θ
 * lies above it wherever the ranker is any good.
 */
export function compareClickRates(
  table: ImpressionTable,
  options: { layout?: Layout; queryWeights?: ArrayLike<number> } = {},
): Estimate<Curve> {
  const { shown, clicks } = countByRank(table, options.queryWeights);
  const total = clicks.reduce((sum, count) => sum + count, 0);
  if (total < clicksMin) return insufficient(`${Math.round(total)} clicks, ${clicksMin} are needed`);
  if ((clicks[0] ?? 0) === 0) return insufficient('rank 1 was never clicked');
  const isMeasured = shown.map((count) => count > 0);
  const rates = shown.map((count, rank) => (count > 0 ? at(clicks, rank) / count : 0));
  const theta = toRelative(carryDown(rates, isMeasured), shown, options.layout ?? 'list');
  return { kind: 'estimated', theta, isMeasured };
}

/**
 * Clicks over expected clicks of each pair of the table: 1 = as many as its ranks usually get. Shrunk towards 1 as if it
 * had already got `priorClicks` of `priorClicks` expected.
 */
export function scoreCoec(table: ImpressionTable, priorClicks = 1): Float64Array {
  const { pairs, cells } = table;
  const { shown, clicks } = countByRank(table);
  const rates = shown.map((count, rank) => (count > 0 ? at(clicks, rank) / count : 0));
  return Float64Array.from(pairs.itemIds, (_, pair) => {
    let [got, expected] = [priorClicks, priorClicks];
    for (let cell = at(pairs.start, pair); cell < at(pairs.start, pair + 1); cell++) {
      got += at(cells.clicks, cell);
      expected += at(cells.shown, cell) * at(rates, at(cells.rank, cell));
    }
    return expected > 0 ? got / expected : 1;
  });
}
