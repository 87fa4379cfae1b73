import type { PairStats } from '@embedding-studio/stats';

/**
 * Sums over the units of an arm, enough for every test: of what is counted (y) and what it is divided by (x), and of
 * both before the experiment (b and a). Mergeable by adding every number.
 */
export interface UnitMoments {
  n: number;
  /** Of y, x, b, a. */
  sums: number[];
  /** Of yy, yx, yb, ya, xx, xb, xa, bb, ba, aa. */
  products: number[];
}

/** A constant and how often y, x, b and a are taken: one figure per unit. */
export interface Linear {
  constant: number;
  weights: readonly [y: number, x: number, b: number, a: number];
}

export function emptyMoments(): UnitMoments {
  return { n: 0, sums: [0, 0, 0, 0], products: Array.from({ length: 10 }, () => 0) };
}

export function addUnit(moments: UnitMoments, unit: readonly [number, number, number, number]): void {
  moments.n++;
  let at = 0;
  for (let row = 0; row < 4; row++) {
    const value = unit[row] ?? 0;
    moments.sums[row] = (moments.sums[row] ?? 0) + value;
    for (let column = row; column < 4; column++, at++)
      moments.products[at] = (moments.products[at] ?? 0) + value * (unit[column] ?? 0);
  }
}

export function uniteMoments(all: readonly UnitMoments[]): UnitMoments {
  const united = emptyMoments();
  for (const { n, sums, products } of all) {
    united.n += n;
    united.sums = united.sums.map((sum, at) => sum + (sums[at] ?? 0));
    united.products = united.products.map((sum, at) => sum + (products[at] ?? 0));
  }
  return united;
}

function productAt(products: readonly number[], row: number, column: number): number {
  const [low, high] = row <= column ? [row, column] : [column, row];
  return products[low * 4 - (low * (low - 1)) / 2 + (high - low)] ?? 0;
}

function sumOf({ n, sums }: UnitMoments, { constant, weights }: Linear): number {
  return weights.reduce((sum, weight, at) => sum + weight * (sums[at] ?? 0), n * constant);
}

function sumOfProducts(moments: UnitMoments, left: Linear, right: Linear): number {
  let sum = moments.n * left.constant * right.constant;
  for (const [row, ofLeft] of left.weights.entries()) {
    sum += (ofLeft * right.constant + (right.weights[row] ?? 0) * left.constant) * (moments.sums[row] ?? 0);
    for (const [column, ofRight] of right.weights.entries())
      if (ofLeft !== 0 && ofRight !== 0) sum += ofLeft * ofRight * productAt(moments.products, row, column);
  }
  return sum;
}

/** The sums of two figures made of each unit's numbers. */
export function pairStats(moments: UnitMoments, { x, y }: { x: Linear; y: Linear }): PairStats {
  return {
    n: moments.n,
    sumX: sumOf(moments, x),
    sumY: sumOf(moments, y),
    sumXX: sumOfProducts(moments, x, x),
    sumYY: sumOfProducts(moments, y, y),
    sumXY: sumOfProducts(moments, x, y),
  };
}
