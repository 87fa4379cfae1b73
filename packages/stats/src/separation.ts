import { findFault, type Result } from './result.ts';

/** Chance that a value of the first sample is above one of the second, ties half: area under the ROC curve, .5 is alike. */
export interface Separation {
  area: number;
  /** 95 % interval after DeLong, DeLong & Clarke-Pearson (1988). */
  lower: number;
  upper: number;
}

const valuesMin = 2;
const z = 1.959964;

/** How far apart two independent samples lie, whatever their scale. */
export function estimateSeparation(first: ArrayLike<number>, second: ArrayLike<number>): Result<Separation> {
  const fault = findFault(first, valuesMin) ?? findFault(second, valuesMin);
  if (fault !== null) return fault;
  const above = placements(first, second);
  const below = placements(second, first);
  const area = meanOf(above);
  const error = Math.sqrt(varianceOf(above) / above.length + varianceOf(below) / below.length);
  return {
    ...{ kind: 'estimated', area },
    ...{ lower: Math.max(0, area - z * error), upper: Math.min(1, area + z * error) },
  };
}

/** For each value, the share of the others that lie below it. */
function placements(values: ArrayLike<number>, others: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(others).sort();
  return Array.from(values, (value) => {
    const below = countWhile(sorted, (other) => other < value);
    const notAbove = countWhile(sorted, (other) => other <= value);
    return (below + notAbove) / 2 / sorted.length;
  });
}

/** How many from the front hold; sorted so that they all come first. */
function countWhile(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? Number.NaN)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
