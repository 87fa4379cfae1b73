import { carryDown } from './compare-swaps.ts';
import { type Curve, type Estimate, insufficient } from './estimate.ts';
import { at, type ImpressionTable } from './impression-table.ts';
import { type Layout, toRelative } from './isotonic.ts';

export interface Harvest extends Curve {
  /** Query × item pairs that stood at more than one rank. */
  movedPairs: number;
  /** Clicks on them, and on items at a drawn rank. */
  movedClicks: number;
  /** Items that exploration put at a drawn rank. */
  draws: number;
}

const clicksMin = 20;
/** A ratio of rarer clicks says next to nothing, and its logarithm leans. */
const clicksPerSide = 3;

/**
 * The same item for the same query at two ranks: what differs is only where it stood. Per pair of ranks the
 * Mantel–Haenszel ratio over all such items is θ_k/θ_k′; the ratios of all pairs are joined by weighted least squares of
 * their logarithms, with θ₁ = 1. Items at a rank that was drawn count as one item that moved, whichever they were. Ranks that no chain of ratios ties to rank 1 are not measured.
 */
export function harvestInterventions(
  table: ImpressionTable,
  options: { layout?: Layout; queryWeights?: ArrayLike<number> } = {},
): Estimate<Harvest> {
  const { layout = 'list', queryWeights } = options;
  const moved = sumMoved(table, queryWeights);
  addDraws(moved, table, queryWeights);
  if (moved.pairs === 0 && table.draws.length === 0)
    return insufficient('no item stood at two ranks for the same query');
  if (moved.clicks < clicksMin)
    return insufficient(`${Math.round(moved.clicks)} clicks on items that changed rank, ${clicksMin} are needed`);
  const ratios = findRatios(table.ranks, moved);
  const tied = findTied(table.ranks, ratios);
  if (tied.filter(Boolean).length < 2) return insufficient('no rank can be compared with rank 1');
  const logs = solveLogs(ratios, tied);
  const rates = carryDown(logs.map(Math.exp), tied);
  const theta = toRelative(rates, weighRanks(table.ranks, ratios, tied), layout);
  const { pairs: movedPairs, clicks: movedClicks } = moved;
  return { kind: 'estimated', theta, isMeasured: tied, movedPairs, movedClicks, draws: table.draws.length };
}

interface Moved {
  pairs: number;
  clicks: number;
  /** [rank × ranks + other]: clicks at `rank`, balanced against the times shown at `other`; and the plain count. */
  balanced: Float64Array;
  counted: Float64Array;
}

function sumMoved(table: ImpressionTable, queryWeights?: ArrayLike<number>): Moved {
  const { pairs, cells, ranks } = table;
  const size = ranks * ranks;
  const moved: Moved = { pairs: 0, clicks: 0, balanced: new Float64Array(size), counted: new Float64Array(size) };
  for (let pair = 0; pair < pairs.itemIds.length; pair++) {
    const [first, end] = [at(pairs.start, pair), at(pairs.start, pair + 1)];
    const weight = queryWeights?.[at(pairs.queryOf, pair)] ?? 1;
    if (end - first < 2 || weight === 0) continue;
    moved.pairs++;
    for (let cell = first; cell < end; cell++) {
      moved.clicks += weight * at(cells.clicks, cell);
      for (let other = first; other < end; other++) if (other !== cell) addCell(moved, table, { cell, other, weight });
    }
  }
  return moved;
}

function addCell(
  { balanced, counted }: Moved,
  { cells, ranks }: ImpressionTable,
  { cell, other, weight }: { cell: number; other: number; weight: number },
): void {
  const index = at(cells.rank, cell) * ranks + at(cells.rank, other);
  const [here, there] = [at(cells.shown, cell), at(cells.shown, other)];
  const clicks = at(cells.clicks, cell);
  balanced[index] = at(balanced, index) + (weight * clicks * there) / (here + there);
  counted[index] = at(counted, index) + weight * clicks;
}

/** One imagined item for each range: its places were drawn evenly, so they say nothing about which item stood there. */
function addDraws(moved: Moved, { draws, ranks }: ImpressionTable, queryWeights?: ArrayLike<number>): void {
  const byRange = new Map<string, { shown: Float64Array; clicks: Float64Array }>();
  for (const { query, rank, range, isClicked } of draws) {
    const sums = byRange.get(range) ?? { shown: new Float64Array(ranks), clicks: new Float64Array(ranks) };
    byRange.set(range, sums);
    const weight = queryWeights?.[query] ?? 1;
    sums.shown[rank] = at(sums.shown, rank) + weight;
    if (!isClicked) continue;
    sums.clicks[rank] = at(sums.clicks, rank) + weight;
    moved.clicks += weight;
  }
  for (const { shown, clicks } of byRange.values())
    for (let rank = 0; rank < ranks; rank++)
      for (let other = 0; other < ranks; other++) {
        if (other === rank || at(shown, rank) === 0 || at(shown, other) === 0) continue;
        const index = rank * ranks + other;
        const share = at(shown, other) / (at(shown, rank) + at(shown, other));
        moved.balanced[index] = at(moved.balanced, index) + at(clicks, rank) * share;
        moved.counted[index] = at(moved.counted, index) + at(clicks, rank);
      }
}

interface Ratio {
  upper: number;
  lower: number;
  /** log θ_lower − log θ_upper. */
  log: number;
  weight: number;
}

function findRatios(ranks: number, { balanced, counted }: Moved): Ratio[] {
  const ratios: Ratio[] = [];
  for (let upper = 0; upper < ranks; upper++)
    for (let lower = upper + 1; lower < ranks; lower++) {
      const [there, here] = [lower * ranks + upper, upper * ranks + lower];
      const [below, above] = [at(counted, there), at(counted, here)];
      if (below < clicksPerSide || above < clicksPerSide) continue;
      const log = Math.log(at(balanced, there) / at(balanced, here));
      ratios.push({ upper, lower, log, weight: (below * above) / (below + above) });
    }
  return ratios;
}

function findTied(ranks: number, ratios: readonly Ratio[]): boolean[] {
  const tied = Array.from({ length: ranks }, (_, rank) => rank === 0);
  for (let found = true; found; ) {
    found = false;
    for (const { upper, lower } of ratios)
      if (tied[upper] !== tied[lower]) {
        tied[upper] = true;
        tied[lower] = true;
        found = true;
      }
  }
  return tied;
}

/** log θ with log θ₁ = 0: the normal equations of the weighted ratios, by elimination. */
function solveLogs(ratios: readonly Ratio[], tied: readonly boolean[]): number[] {
  const size = tied.length;
  const rows = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (const { upper, lower, log, weight } of ratios) {
    if (!tied[upper]) continue;
    add(rows, { row: lower, column: lower, value: weight });
    add(rows, { row: upper, column: upper, value: weight });
    add(rows, { row: lower, column: upper, value: -weight });
    add(rows, { row: upper, column: lower, value: -weight });
    add(rows, { row: lower, column: size, value: weight * log });
    add(rows, { row: upper, column: size, value: -weight * log });
  }
  tied.forEach((isTied, rank) => {
    if (rank > 0 && isTied) return;
    rows[rank]?.fill(0);
    add(rows, { row: rank, column: rank, value: 1 });
  });
  return eliminate(rows);
}

function add(rows: Float64Array[], cell: { row: number; column: number; value: number }): void {
  const row = rows[cell.row];
  if (row) row[cell.column] = at(row, cell.column) + cell.value;
}

/** Gauss–Jordan; the systems above are positive definite once rank 1 is fixed, so that no pivot vanishes. */
function eliminate(rows: Float64Array[]): number[] {
  const size = rows.length;
  rows.forEach((pivot, column) => {
    const lead = at(pivot, column);
    for (let index = column; index <= size; index++) pivot[index] = at(pivot, index) / lead;
    rows.forEach((row, other) => {
      const factor = at(row, column);
      if (other === column || factor === 0) return;
      for (let index = column; index <= size; index++) row[index] = at(row, index) - factor * at(pivot, index);
    });
  });
  return rows.map((row) => at(row, size));
}

function weighRanks(ranks: number, ratios: readonly Ratio[], tied: readonly boolean[]): number[] {
  const weights = new Array<number>(ranks).fill(0);
  for (const { upper, lower, weight } of ratios) {
    if (!tied[upper]) continue;
    weights[upper] = at(weights, upper) + weight;
    weights[lower] = at(weights, lower) + weight;
  }
  return weights;
}
