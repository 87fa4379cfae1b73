import { type MetricDefinition, type MetricSums, tookClasses } from '@embedding-studio/contracts';
import { countSketch, uniteSketches } from '@embedding-studio/stats';
import { readSum } from './quantities.ts';

/** Everything a figure is made of. */
export interface Counted {
  sums: MetricSums;
  /** Searches by classes of duration. */
  took: readonly number[];
  /** Sketches; null: not counted for this selection. */
  users: readonly (readonly number[])[] | null;
  /** Sketches of the items shown, and how many items there are; null: not counted for this selection. */
  items: { shown: readonly (readonly number[])[]; all: number } | null;
}

/** The figure; null where nothing is there to divide by. */
export function computeMetric({ formula }: MetricDefinition, counted: Counted): number | null {
  switch (formula.kind) {
    case 'sum':
      return readSum(counted.sums, formula.of);
    case 'ratio': {
      const over = readSum(counted.sums, formula.over);
      if (over === 0) return null;
      if (formula.needs !== undefined && readSum(counted.sums, formula.needs) === 0) return null;
      return readSum(counted.sums, formula.of) / over;
    }
    case 'users':
      return countUsers(counted);
    case 'took':
      return percentileOf(counted.took, formula.percentile / 100);
    case 'coverage':
      return coverageOf(counted);
  }
}

/** null where people searched, but none of the searches says who they were. */
function countUsers({ users, sums }: Counted): number | null {
  if (users === null) return null;
  const count = countSketch(uniteSketches(users));
  return count === 0 && readSum(sums, { measure: 'sessions' }) > 0 ? null : count;
}

/** Deleted items may have been shown too, so it is bounded. null where nothing was shown to anybody. */
function coverageOf({ items, sums }: Counted): number | null {
  if (items === null || items.all === 0) return null;
  if (readSum(sums, { measure: 'sessions', where: ['answered'] }) === 0) return null;
  return Math.min(1, countSketch(uniteSketches(items.shown)) / items.all);
}

/** Within the class linearly; what lies in the open class counts as its lower end. */
function percentileOf(classes: readonly number[], share: number): number | null {
  const total = classes.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [at, count] of classes.entries()) {
    const lower = tookClasses[at - 1] ?? 0;
    const upper = tookClasses[at] ?? lower;
    if (count > 0 && before + count >= share * total)
      return lower + ((share * total - before) / count) * (upper - lower);
    before += count;
  }
  return tookClasses.at(-1) ?? null;
}
