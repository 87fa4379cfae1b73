import {
  type AnalyticsBucket,
  type QueryTally,
  type SessionFacts,
  type SessionTouches,
  type SessionTraits,
  type Tally,
  tookClasses,
} from '@embedding-studio/contracts';
import { uniteSketches } from '@embedding-studio/stats';
import { sha256 } from '../content-hash.ts';

export const queriesPerHour = 500;
export const queriesPerDay = 500;
const bestPlaceMax = 10;
const usersBetweenCuts = 10_000;

export function emptyTally(): Tally {
  return { sessions: 0, clicks: 0, positionSum: 0, positioned: 0, reciprocalSum: 0, bestPlaces: [], took: [] };
}

function increment(list: number[], at: number, by = 1): void {
  while (list.length <= at) list.push(0);
  list[at] = (list[at] ?? 0) + by;
}

export function addTally(sum: Tally, more: Tally): void {
  sum.sessions += more.sessions;
  sum.clicks += more.clicks;
  sum.positionSum += more.positionSum;
  sum.positioned += more.positioned;
  sum.reciprocalSum += more.reciprocalSum;
  for (const list of ['bestPlaces', 'took'] as const)
    for (const [at, count] of more[list].entries()) if (count > 0) increment(sum[list], at, count);
}

function addFacts(tally: Tally, facts: SessionFacts): void {
  tally.sessions++;
  tally.clicks += facts.clicks;
  tally.positionSum += facts.positionSum;
  tally.positioned += facts.positioned;
  if (facts.firstPosition !== null) tally.reciprocalSum += 1 / facts.firstPosition;
  if (facts.bestPosition !== null) increment(tally.bestPlaces, Math.min(facts.bestPosition - 1, bestPlaceMax));
  if (facts.tookMs !== null) increment(tally.took, classOf(facts.tookMs));
}

function classOf(tookMs: number): number {
  const at = tookClasses.findIndex((upper) => tookMs <= upper);
  return at === -1 ? tookClasses.length : at;
}

/** Counts one hour from all of its facts: nothing is added to what was counted before, so nothing counts twice. */
export class HourFold {
  private readonly tallies = new Map<string, Tally>();
  private readonly queries = new Map<string, QueryTally>();
  private readonly touches: SessionTouches[] = [];
  private users = new Set<number>();
  private sketch: number[] = [];

  constructor(private readonly traitsOf: ReadonlyMap<string, SessionTraits>) {}

  add(facts: SessionFacts): void {
    const tally = this.tallies.get(facts.traitsKey) ?? emptyTally();
    this.tallies.set(facts.traitsKey, tally);
    addFacts(tally, facts);
    const { sessionId, traitsKey, shownIds, clickedIds } = facts;
    if (shownIds.length + clickedIds.length > 0) this.touches.push({ sessionId, traitsKey, shownIds, clickedIds });
    const flags = this.traitsOf.get(facts.traitsKey)?.flags ?? [];
    if (!flags.includes('counted')) return;
    if (facts.userId !== null) this.users.add(hashUser(facts.userId));
    if (this.users.size >= usersBetweenCuts) this.cut();
    if (facts.query === '') return;
    const known = this.queries.get(facts.query) ?? { query: facts.query, searches: 0, answered: 0, clicked: 0 };
    this.queries.set(facts.query, known);
    known.searches++;
    if (flags.includes('answered')) known.answered++;
    if (flags.includes('clicked')) known.clicked++;
  }

  take(from: Date): { bucket: AnalyticsBucket; queries: QueryTally[]; touches: SessionTouches[] } {
    this.cut();
    const bucket = { size: 'hour' as const, from, cells: cellsOf(this.tallies), users: this.sketch };
    return { bucket, queries: keepTop([...this.queries.values()], queriesPerHour), touches: this.touches };
  }

  private cut(): void {
    this.sketch = uniteSketches([this.sketch, [...this.users]]);
    this.users = new Set();
  }
}

function hashUser(userId: string): number {
  return Number.parseInt(sha256(userId).slice(0, 12), 16);
}

function cellsOf(tallies: ReadonlyMap<string, Tally>): AnalyticsBucket['cells'] {
  return [...tallies]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([traitsKey, tally]) => ({ traitsKey, tally }));
}

export function sumCells(buckets: readonly AnalyticsBucket[]): Map<string, Tally> {
  const sums = new Map<string, Tally>();
  for (const { cells } of buckets)
    for (const { traitsKey, tally } of cells) {
      const sum = sums.get(traitsKey) ?? emptyTally();
      sums.set(traitsKey, sum);
      addTally(sum, tally);
    }
  return sums;
}

export function sumQueries(lists: Iterable<readonly QueryTally[]>): QueryTally[] {
  const sums = new Map<string, QueryTally>();
  for (const list of lists)
    for (const { query, searches, answered, clicked } of list) {
      const sum = sums.get(query) ?? { query, searches: 0, answered: 0, clicked: 0 };
      sums.set(query, sum);
      sum.searches += searches;
      sum.answered += answered;
      sum.clicked += clicked;
    }
  return [...sums.values()];
}

/** The most frequent, and beside them the most frequent of those that found nothing. */
export function keepTop(queries: QueryTally[], count: number): QueryTally[] {
  if (queries.length <= count) return queries.sort(byFrequency);
  const sorted = queries.sort(byFrequency);
  const failed = sorted.slice(count).filter(({ searches, answered }) => searches > answered);
  return [...sorted.slice(0, count), ...failed.slice(0, count / 5)];
}

function byFrequency(left: QueryTally, right: QueryTally): number {
  return right.searches - left.searches || (left.query < right.query ? -1 : 1);
}

/** One day from its hours. */
export function foldHours(from: Date, hours: readonly AnalyticsBucket[]): AnalyticsBucket {
  return {
    ...{ size: 'day', from, cells: cellsOf(sumCells(hours)) },
    users: uniteSketches(hours.map(({ users }) => users)),
  };
}
