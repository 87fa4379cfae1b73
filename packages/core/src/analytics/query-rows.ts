import type { Quantity, QuerySums } from '@embedding-studio/contracts';
import { placesOf, readSum } from './quantities.ts';

export type QueryOrder = 'frequent' | 'zero' | 'unclicked' | 'losers' | 'unsatisfied';

export interface QueryFigures {
  searches: number;
  answered: number;
  zeroResults: number;
  /** Answered searches without a click. */
  unclicked: number;
  /** Answered searches with a click, of all answered ones; null without answered ones. */
  clickRate: number | null;
  /** As satisfied CTR; null also where no dwell times were sent. */
  satisfiedRate: number | null;
}

export interface QueryRow extends QueryFigures {
  query: string;
  /** Of the period before; null: not asked then. */
  previous: QueryFigures | null;
  /** What the list is ordered by: searches, or what was lost. */
  weight: number;
  /** Of losers: a fall like this happens by chance in more than 1 of 20 such lists of searches. */
  isMaybeChance: boolean | null;
}

const read = {
  searches: { measure: 'sessions' },
  answered: { measure: 'sessions', where: ['answered'] },
  unclicked: { measure: 'sessions', where: ['noClick'] },
  satisfied: { measure: 'sessions', where: ['answered', 'satisfied'] },
  dwelt: { measure: 'sessions', where: ['dwelt'] },
  zeroResults: { measure: 'sessions', where: ['zeroResult'] },
} as const satisfies Record<string, Quantity>;

/** The sums that rows are made of. */
export const rowPlaces = placesOf(Object.values(read));

export function describeQuery({ sums }: QuerySums): QueryFigures {
  const answered = readSum(sums, read.answered);
  const unclicked = readSum(sums, read.unclicked);
  const satisfied = readSum(sums, read.satisfied);
  const dwelt = readSum(sums, read.dwelt);
  return {
    ...{ searches: readSum(sums, read.searches), answered, unclicked },
    zeroResults: readSum(sums, read.zeroResults),
    clickRate: answered === 0 ? null : (answered - unclicked) / answered,
    satisfiedRate: answered === 0 || dwelt === 0 ? null : satisfied / answered,
  };
}

interface Comparing {
  past: QuerySums | undefined;
  order: QueryOrder;
  minSearches: number;
}

/** What the list is ordered by; 0: the query does not belong in it. */
export function weightOf(now: QuerySums, comparing: Comparing): number {
  const { order } = comparing;
  if (order === 'frequent') return readSum(now.sums, read.searches);
  if (order === 'zero') return readSum(now.sums, read.zeroResults);
  if (order === 'unclicked') return readSum(now.sums, read.unclicked);
  return compareQuery(now, comparing)?.weight ?? 0;
}

/** The row of a query, or null where it does not belong in the list. */
export function compareQuery(now: QuerySums, { past, order, minSearches }: Comparing): QueryRow | null {
  const figures = describeQuery(now);
  const previous = past === undefined ? null : describeQuery(past);
  const row = { query: now.query, ...figures, previous };
  if (order !== 'losers' && order !== 'unsatisfied') return weighed(row, weightOf(now, { past, order, minSearches }));
  const rate = order === 'losers' ? 'clickRate' : 'satisfiedRate';
  if (previous === null || Math.min(figures.answered, previous.answered) < minSearches) return null;
  const fall = fallOf(figures, previous, rate);
  return fall === null ? null : weighed(row, fall.lost, fall.isMaybeChance);
}

type Unweighed = Omit<QueryRow, 'weight' | 'isMaybeChance'>;

function weighed(row: Unweighed, weight: number, isMaybeChance: boolean | null = null): QueryRow | null {
  return weight > 0 ? { ...row, weight, isMaybeChance } : null;
}

/** One-sided, 5 %. */
const criticalZ = 1.645;

/** Clicks that the searches of now would have got at the rate of before; two shares compared with a pooled error. */
function fallOf(now: QueryFigures, past: QueryFigures, rate: 'clickRate' | 'satisfiedRate') {
  const [after, before] = [now[rate], past[rate]];
  if (after === null || before === null || before <= after) return null;
  const pooled = (after * now.answered + before * past.answered) / (now.answered + past.answered);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / now.answered + 1 / past.answered));
  return { lost: (before - after) * now.answered, isMaybeChance: before - after < criticalZ * error };
}
