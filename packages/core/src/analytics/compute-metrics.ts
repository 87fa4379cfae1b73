import {
  type MetricDefinition,
  type Quantity,
  type SessionFlag,
  type SessionTraits,
  type Tally,
  tookClasses,
} from '@embedding-studio/contracts';
import { countSketch, uniteSketches } from '@embedding-studio/stats';

/** Everything a figure is made of: sums by traits, and the users. */
export interface Counted {
  cells: ReadonlyMap<string, Tally>;
  traits: ReadonlyMap<string, SessionTraits>;
  /** null: not counted for this selection. */
  users: readonly (readonly number[])[] | null;
}

/** The figure; null where nothing is there to divide by. */
export function computeMetric({ formula }: MetricDefinition, counted: Counted): number | null {
  switch (formula.kind) {
    case 'sum':
      return sumOf(formula.of, counted);
    case 'ratio': {
      const over = sumOf(formula.over, counted);
      if (over === 0) return null;
      if (formula.needs !== undefined && sumOf(formula.needs, counted) === 0) return null;
      return sumOf(formula.of, counted) / over;
    }
    case 'users':
      return countUsers(counted);
    case 'took':
      return percentileOf(tookOf(counted), formula.percentile / 100);
  }
}

/** null where people searched, but none of the searches says who they were. */
function countUsers(counted: Counted): number | null {
  if (counted.users === null) return null;
  const count = countSketch(uniteSketches(counted.users));
  return count === 0 && sumOf({ measure: 'sessions' }, counted) > 0 ? null : count;
}

function* matching({ cells, traits }: Counted, where: readonly SessionFlag[]): Generator<Tally> {
  for (const [key, tally] of cells) {
    const flags = traits.get(key)?.flags;
    if (flags?.includes('counted') && where.every((flag) => flags.includes(flag))) yield tally;
  }
}

function sumOf({ measure, where = [] }: Quantity, counted: Counted): number {
  let sum = 0;
  for (const tally of matching(counted, where)) {
    if (typeof measure === 'string') sum += tally[measure];
    else for (const count of tally.bestPlaces.slice(0, measure.clickedWithin)) sum += count;
  }
  return sum;
}

function tookOf(counted: Counted): number[] {
  const classes = Array.from({ length: tookClasses.length + 1 }, () => 0);
  for (const { took } of matching(counted, []))
    for (const [at, count] of took.entries()) classes[at] = (classes[at] ?? 0) + count;
  return classes;
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
