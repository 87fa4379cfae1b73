import { createSeededRandom } from '../seeded-random.ts';

export interface SettingImportance {
  name: string;
  /** Share of the scores' order that the setting tells, 0–1: |Spearman| for numbers, correlation ratio of ranks for values. */
  strength: number;
  /** Sign of the trend; null for values without an order. */
  direction: -1 | 0 | 1 | null;
  /** Chance of as much by luck alone, by permutation. */
  p: number;
}

const permutations = 2_000;

/**
 * How much each setting had to do with the scores, one at a time: no interactions, so that it can be read off a few
 * dozen trials. Strongest first; empty below four trials.
 */
export function measureImportance(
  trials: readonly { settings: Readonly<Record<string, unknown>>; score: number }[],
  seed: number,
): SettingImportance[] {
  if (trials.length < 4) return [];
  const scores = rank(trials.map(({ score }) => score));
  const names = [...new Set(trials.flatMap(({ settings }) => Object.keys(settings)))].sort();
  const found = names.flatMap((name) => {
    const values = trials.map(({ settings }) => settings[name]);
    if (new Set(values.map((value) => JSON.stringify(value))).size < 2) return [];
    return [measureOne(name, values, { scores, seed })];
  });
  return found.sort((left, right) => right.strength - left.strength);
}

function measureOne(
  name: string,
  values: readonly unknown[],
  { scores, seed }: { scores: readonly number[]; seed: number },
): SettingImportance {
  const isNumeric = values.every((value) => typeof value === 'number');
  const ranks = isNumeric ? rank(values as number[]) : [];
  const measure = isNumeric
    ? (given: readonly number[]) => correlate(ranks, given)
    : (given: readonly number[]) => correlationRatio(values, given);
  const observed = measure(scores);
  const random = createSeededRandom(seed);
  const mixed = [...scores];
  let hits = 0;
  for (let draw = 0; draw < permutations; draw++) {
    for (let at = mixed.length - 1; at > 0; at--) {
      const other = random.nextIndex(at + 1);
      [mixed[at], mixed[other]] = [mixed[other] ?? 0, mixed[at] ?? 0];
    }
    if (Math.abs(measure(mixed)) >= Math.abs(observed) - 1e-12) hits++;
  }
  const direction = isNumeric ? (Math.sign(observed) as -1 | 0 | 1) : null;
  return { name, strength: Math.abs(observed), direction, p: (hits + 1) / (permutations + 1) };
}

/** Mean ranks, ties sharing theirs. */
export function rank(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[start] ?? 0]) end++;
    for (let at = start; at <= end; at++) ranks[order[at] ?? 0] = (start + end) / 2;
    start = end + 1;
  }
  return ranks;
}

function correlate(left: readonly number[], right: readonly number[]): number {
  const middle = (left.length - 1) / 2;
  let product = 0;
  let squares = 0;
  let others = 0;
  left.forEach((value, at) => {
    const a = value - middle;
    const b = (right[at] ?? middle) - middle;
    product += a * b;
    squares += a * a;
    others += b * b;
  });
  return squares === 0 || others === 0 ? 0 : product / Math.sqrt(squares * others);
}

/** √(variance between the groups ÷ variance of all), of ranks. */
function correlationRatio(values: readonly unknown[], ranks: readonly number[]): number {
  const middle = (ranks.length - 1) / 2;
  const groups = new Map<string, number[]>();
  values.forEach((value, at) => {
    const key = JSON.stringify(value) ?? '';
    groups.set(key, [...(groups.get(key) ?? []), ranks[at] ?? middle]);
  });
  let between = 0;
  for (const group of groups.values()) {
    const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
    between += group.length * (mean - middle) ** 2;
  }
  const total = ranks.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return total === 0 ? 0 : Math.sqrt(between / total);
}
