import type { SessionFlag } from './session-facts.ts';

/**
 * What is summed over sessions. `clickedWithin`: sessions with a click at this place or above. `timed`: sessions whose
 * duration is known, `tookMs` the durations. `satisfiedMs`: from the search to the first click that satisfied.
 */
export type Measure =
  | 'sessions'
  | 'clicks'
  | 'positionSum'
  | 'positioned'
  | 'reciprocalSum'
  | 'tookMs'
  | 'timed'
  | 'satisfiedMs'
  | 'satisfiedTimed'
  | { clickedWithin: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 };

export interface Quantity {
  measure: Measure;
  /** Only sessions with all of these flags, beside `counted`. */
  where?: readonly SessionFlag[];
}

/** How a figure comes about. A ratio whose lower part is 0 is null, never 0. */
export type MetricFormula =
  | { kind: 'sum'; of: Quantity }
  | { kind: 'ratio'; of: Quantity; over: Quantity /** Null unless this is above 0. */; needs?: Quantity }
  | { kind: 'users' }
  /** Of the durations of our own searches. */
  | { kind: 'took'; percentile: 50 | 95 }
  /** Different items shown, of all items that there are. */
  | { kind: 'coverage' };

export interface MetricDefinition {
  id: string;
  title: string;
  /** One sentence: what is divided by what. */
  description: string;
  unit: 'count' | 'share' | 'place' | 'score' | 'milliseconds';
  /** Which way is good; `neither` for mere volume. */
  better: 'up' | 'down' | 'neither';
  formula: MetricFormula;
  /** Flags of the sessions behind the figure. */
  behind: readonly SessionFlag[];
}

const searches: Quantity = { measure: 'sessions' };
const answered: Quantity = { measure: 'sessions', where: ['answered'] };
const identified: Quantity = { measure: 'sessions', where: ['identified'] };
const clicked: Quantity = { measure: 'sessions', where: ['clicked'] };

function clickThrough(k: 1 | 3 | 10): MetricDefinition {
  return {
    id: `ctr@${k}`,
    title: `CTR@${k}`,
    description: `Answered searches with a click among the first ${k === 1 ? 'place' : `${k} places`}, of all answered ones.`,
    unit: 'share',
    better: 'up',
    formula: { kind: 'ratio', of: { measure: { clickedWithin: k }, where: ['answered'] }, over: answered },
    behind: ['counted', 'clicked'],
  };
}

/** Every figure about searches, defined once: the overview, analytics and experiments compute them from here. */
export const metrics = [
  {
    id: 'searches',
    title: 'Searches',
    description: 'What people looked for: a query typed letter by letter is one search, robots are left out.',
    unit: 'count',
    better: 'neither',
    formula: { kind: 'sum', of: searches },
    behind: ['counted'],
  },
  {
    id: 'users',
    title: 'Users',
    description: 'Different users with a search; needs user ids. Exact up to 2,048, then within about 2 %.',
    unit: 'count',
    better: 'neither',
    formula: { kind: 'users' },
    behind: ['counted'],
  },
  clickThrough(1),
  clickThrough(3),
  clickThrough(10),
  {
    id: 'satisfied-ctr',
    title: 'Satisfied CTR',
    description:
      'Answered searches with a click that stayed 30 s or led to more, of all answered ones; needs dwell times.',
    unit: 'share',
    better: 'up',
    formula: {
      kind: 'ratio',
      of: { measure: 'sessions', where: ['answered', 'satisfied'] },
      over: answered,
      needs: { measure: 'sessions', where: ['dwelt'] },
    },
    behind: ['counted', 'satisfied'],
  },
  {
    id: 'mrr',
    title: 'MRR',
    description: 'Mean of 1 ÷ place of the first click, over the searches with a click.',
    unit: 'score',
    better: 'up',
    formula: { kind: 'ratio', of: { measure: 'reciprocalSum', where: ['clicked'] }, over: clicked },
    behind: ['counted', 'clicked'],
  },
  {
    id: 'click-position',
    title: 'Click position',
    description: 'Mean place of all clicks whose place is known, from 1.',
    unit: 'place',
    better: 'down',
    formula: { kind: 'ratio', of: { measure: 'positionSum' }, over: { measure: 'positioned' } },
    behind: ['counted', 'clicked'],
  },
  {
    id: 'zero-result-rate',
    title: 'Zero-result rate',
    description: 'Searches that found nothing, of all searches.',
    unit: 'share',
    better: 'down',
    formula: { kind: 'ratio', of: { measure: 'sessions', where: ['zeroResult'] }, over: searches },
    behind: ['counted', 'zeroResult'],
  },
  {
    id: 'no-click-rate',
    title: 'No-click rate',
    description: 'Answered searches without any click, of all answered ones.',
    unit: 'share',
    better: 'down',
    formula: { kind: 'ratio', of: { measure: 'sessions', where: ['noClick'] }, over: answered },
    behind: ['counted', 'noClick'],
  },
  {
    id: 'abandonment',
    title: 'Abandonment',
    description: 'Answered searches that were left without a click, another query or an instant answer.',
    unit: 'share',
    better: 'down',
    formula: { kind: 'ratio', of: { measure: 'sessions', where: ['answered', 'abandoned'] }, over: answered },
    behind: ['counted', 'abandoned'],
  },
  {
    id: 'reformulation',
    title: 'Reformulation',
    description: 'Searches that their user asked otherwise within 60 s, of all searches with a user id.',
    unit: 'share',
    better: 'down',
    formula: { kind: 'ratio', of: { measure: 'sessions', where: ['reformulated'] }, over: identified },
    behind: ['counted', 'reformulated'],
  },
  {
    id: 'satisfied-time',
    title: 'Time to satisfaction',
    description: 'Mean time from the search to the first click that stayed 30 s or led to more; at most 30 min each.',
    unit: 'milliseconds',
    better: 'down',
    formula: { kind: 'ratio', of: { measure: 'satisfiedMs' }, over: { measure: 'satisfiedTimed' } },
    behind: ['counted', 'satisfied'],
  },
  {
    id: 'conversion',
    title: 'Conversion',
    description: 'Answered searches with a conversion or purchase, of all answered ones.',
    unit: 'share',
    better: 'up',
    formula: { kind: 'ratio', of: { measure: 'sessions', where: ['answered', 'converted'] }, over: answered },
    behind: ['counted', 'converted'],
  },
  {
    id: 'latency',
    title: 'Latency',
    description: 'Mean duration of our own searches.',
    unit: 'milliseconds',
    better: 'down',
    formula: { kind: 'ratio', of: { measure: 'tookMs' }, over: { measure: 'timed' } },
    behind: ['counted'],
  },
  {
    id: 'latency-p95',
    title: 'Latency p95',
    description: 'Duration that 95 % of our own searches stay under.',
    unit: 'milliseconds',
    better: 'down',
    formula: { kind: 'took', percentile: 95 },
    behind: ['counted'],
  },
  {
    id: 'coverage',
    title: 'Coverage',
    description: 'Different items that were shown, of all items there are now. Within about 2 % above 2,048 items.',
    unit: 'share',
    better: 'up',
    formula: { kind: 'coverage' },
    behind: ['counted', 'answered'],
  },
] as const satisfies readonly MetricDefinition[];

export type MetricId = (typeof metrics)[number]['id'];

/**
 * What one session adds to a figure. The figure of some sessions is sum of `numerator` ÷ sum of `denominator`; it is null
 * where the denominators or the `evidence` sum to 0 (no dwell times were sent at all, say). `denominator` null: a mere
 * count, so that the mean per unit is taken over the units.
 */
export interface MetricContribution {
  numerator: number;
  denominator: number | null;
  evidence: number;
}
