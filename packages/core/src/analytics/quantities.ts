import {
  type MetricDefinition,
  type MetricSums,
  metrics,
  type Quantity,
  type SessionFacts,
  type SessionFlag,
} from '@embedding-studio/contracts';

/** What figures read of one session. */
export type MeasuredFacts = Pick<
  SessionFacts,
  'clicks' | 'firstPosition' | 'bestPosition' | 'positionSum' | 'positioned' | 'satisfiedMs' | 'tookMs'
>;

export interface Measured {
  facts: MeasuredFacts;
  flags: readonly SessionFlag[];
}

function keyOf({ measure, where = [] }: Quantity): string {
  return JSON.stringify([measure, [...where].sort()]);
}

function partsOf({ formula }: MetricDefinition): Quantity[] {
  if (formula.kind === 'sum') return [formula.of];
  if (formula.kind !== 'ratio') return [];
  return [formula.of, formula.over, ...(formula.needs === undefined ? [] : [formula.needs])];
}

const byKey = new Map(metrics.flatMap((metric) => partsOf(metric).map((part) => [keyOf(part), part] as const)));
const places = new Map([...byKey.keys()].map((key, at) => [key, at]));

/** Everything that figures sum, without repeats. Stored sums follow this order: a change of it needs a new count. */
export const quantities: readonly Quantity[] = [...byKey.values()];

/** What one session adds; 0 for those that do not count as searches. */
export function quantityOf({ measure, where = [] }: Quantity, { facts, flags }: Measured): number {
  if (!flags.includes('counted') || !where.every((flag) => flags.includes(flag))) return 0;
  if (typeof measure !== 'string')
    return facts.bestPosition !== null && facts.bestPosition <= measure.clickedWithin ? 1 : 0;
  switch (measure) {
    case 'sessions':
      return 1;
    case 'clicks':
    case 'positionSum':
    case 'positioned':
      return facts[measure];
    case 'reciprocalSum':
      return facts.firstPosition === null ? 0 : 1 / facts.firstPosition;
    case 'tookMs':
    case 'satisfiedMs':
      return facts[measure] ?? 0;
    case 'timed':
      return facts.tookMs === null ? 0 : 1;
    case 'satisfiedTimed':
      return facts.satisfiedMs === null ? 0 : 1;
  }
}

/** Of one session, in the order of `quantities`. */
export function sumsOf(measured: Measured): MetricSums {
  return quantities.map((quantity) => quantityOf(quantity, measured));
}

/** `places`: the only ones to be added; default: all. */
export function addSums(sum: MetricSums, more: MetricSums, places?: readonly number[]): void {
  if (places !== undefined) {
    for (const at of places) sum[at] = (sum[at] ?? 0) + (more[at] ?? 0);
    return;
  }
  for (let at = 0; at < more.length; at++) sum[at] = (sum[at] ?? 0) + (more[at] ?? 0);
}

const known = new WeakMap<Quantity, number>();

/** Where a quantity stands in sums; the key is made once for each that is written out as a constant. */
function placeOf(quantity: Quantity): number {
  const found = known.get(quantity) ?? places.get(keyOf(quantity)) ?? -1;
  known.set(quantity, found);
  return found;
}

export function readSum(sums: MetricSums, quantity: Quantity): number {
  return sums[placeOf(quantity)] ?? 0;
}

/** Where sums hold what these quantities, or the figures, are made of. */
export function placesOf(wanted: readonly (Quantity | MetricDefinition)[]): number[] {
  const parts = wanted.flatMap((one) => ('formula' in one ? partsOf(one) : one));
  return [...new Set(parts.map(placeOf))].filter((place) => place >= 0);
}
