import {
  type AnalyticsBucket,
  type Quantity,
  type QuerySums,
  type SessionFacts,
  type SessionTouches,
  type SessionTraits,
  type SliceSums,
  type Tally,
  tookClasses,
} from '@embedding-studio/contracts';
import { uniteSketches } from '@embedding-studio/stats';
import { sha256 } from '../content-hash.ts';
import { addSums, type Measured, quantities, readSum, sumsOf } from './quantities.ts';
import { splitSlice } from './slices.ts';

export const queriesPerHour = 500;
export const queriesPerDay = 500;
const slicesPerDimension = 100;
const bestPlaceMax = 10;
const hashesBetweenCuts = 10_000;

export function emptyTally(): Tally {
  return {
    ...{ sessions: 0, clicks: 0, positionSum: 0, positioned: 0, reciprocalSum: 0, tookMs: 0, timed: 0 },
    ...{ satisfiedMs: 0, satisfiedTimed: 0, bestPlaces: [], took: [] },
  };
}

const added = [
  ...(['sessions', 'clicks', 'positionSum', 'positioned', 'reciprocalSum'] as const),
  ...(['tookMs', 'timed', 'satisfiedMs', 'satisfiedTimed'] as const),
];

function increment(list: number[], at: number, by = 1): void {
  while (list.length <= at) list.push(0);
  list[at] = (list[at] ?? 0) + by;
}

export function addTally(sum: Tally, more: Tally): void {
  for (const measure of added) sum[measure] += more[measure];
  addTook(sum.took, more.took);
  addTook(sum.bestPlaces, more.bestPlaces);
}

/** Adds up counts by class. */
export function addTook(sum: number[], more: readonly number[]): void {
  for (const [at, count] of more.entries()) if (count > 0) increment(sum, at, count);
}

function addFacts(tally: Tally, facts: SessionFacts): void {
  tally.sessions++;
  tally.clicks += facts.clicks;
  tally.positionSum += facts.positionSum;
  tally.positioned += facts.positioned;
  if (facts.firstPosition !== null) tally.reciprocalSum += 1 / facts.firstPosition;
  if (facts.bestPosition !== null) increment(tally.bestPlaces, Math.min(facts.bestPosition - 1, bestPlaceMax));
  if (facts.satisfiedMs !== null) {
    tally.satisfiedMs += facts.satisfiedMs;
    tally.satisfiedTimed++;
  }
  if (facts.tookMs === null) return;
  tally.tookMs += facts.tookMs;
  tally.timed++;
  increment(tally.took, classOf(facts.tookMs));
}

function classOf(tookMs: number): number {
  const at = tookClasses.findIndex((upper) => tookMs <= upper);
  return at === -1 ? tookClasses.length : at;
}

/** Counts one hour from all of its facts: nothing is added to what was counted before, so nothing counts twice. */
export class HourFold {
  private readonly tallies = new Map<string, Tally>();
  private readonly queries = new Map<string, QuerySums>();
  private readonly slices = new Map<string, SliceSums>();
  private readonly touches: SessionTouches[] = [];
  private readonly users = new HashFold();
  private readonly items = new HashFold();

  constructor(private readonly traitsOf: ReadonlyMap<string, SessionTraits>) {}

  add(facts: SessionFacts): void {
    const tally = this.tallies.get(facts.traitsKey) ?? emptyTally();
    this.tallies.set(facts.traitsKey, tally);
    addFacts(tally, facts);
    const { sessionId, traitsKey, shownIds, clickedIds } = facts;
    if (shownIds.length + clickedIds.length > 0) this.touches.push({ sessionId, traitsKey, shownIds, clickedIds });
    const flags = this.traitsOf.get(traitsKey)?.flags ?? [];
    if (flags.includes('counted')) this.addCounted({ facts, flags });
  }

  private addCounted(measured: Measured & { facts: SessionFacts }): void {
    const { userId, shownIds, query, slices, tookMs } = measured.facts;
    if (userId !== null) this.users.add(userId);
    for (const itemId of shownIds) this.items.add(itemId);
    const sums = sumsOf(measured);
    if (query !== '') addSums(sumsAt(this.queries, query, () => ({ query, sums: [] })).sums, sums);
    for (const slice of slices) {
      const counted = sumsAt(this.slices, slice, () => ({ slice, sums: [], took: [] }));
      addSums(counted.sums, sums);
      if (tookMs !== null) increment(counted.took, classOf(tookMs));
    }
  }

  take(from: Date) {
    const bucket: AnalyticsBucket = {
      ...{ size: 'hour', from, cells: cellsOf(this.tallies), users: this.users.take(), items: this.items.take() },
    };
    const queries = keepTop([...this.queries.values()], queriesPerHour);
    return { bucket, queries, slices: keepSlices([...this.slices.values()]), touches: this.touches };
  }
}

/** Different things, of which only the sketch is kept. */
class HashFold {
  private seen = new Set<string>();
  private sketch: number[] = [];

  add(id: string): void {
    this.seen.add(id);
    if (this.seen.size >= hashesBetweenCuts) this.take();
  }

  take(): number[] {
    this.sketch = uniteSketches([this.sketch, [...this.seen].map(hashId)]);
    this.seen = new Set();
    return this.sketch;
  }
}

function hashId(id: string): number {
  return Number.parseInt(sha256(id).slice(0, 12), 16);
}

function sumsAt<T>(all: Map<string, T>, key: string, make: () => T): T {
  const found = all.get(key) ?? make();
  all.set(key, found);
  return found;
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

/** `places`: the only sums that are wanted; default: all. */
export function sumQueries(lists: Iterable<readonly QuerySums[]>, places?: readonly number[]): QuerySums[] {
  const all = new Map<string, QuerySums>();
  const make = (query: string) => () => ({ query, sums: places === undefined ? [] : quantities.map(() => 0) });
  for (const list of lists)
    for (const { query, sums } of list) addSums(sumsAt(all, query, make(query)).sums, sums, places);
  return [...all.values()];
}

export function sumSlices(lists: Iterable<readonly SliceSums[]>): SliceSums[] {
  const all = new Map<string, SliceSums>();
  for (const list of lists)
    for (const { slice, sums, took } of list) {
      const sum = sumsAt(all, slice, () => ({ slice, sums: [], took: [] }));
      addSums(sum.sums, sums);
      addTook(sum.took, took);
    }
  return [...all.values()];
}

const searches: Quantity = { measure: 'sessions' };
const failures: Quantity = { measure: 'sessions', where: ['zeroResult'] };

export function searchesOf({ sums }: { sums: QuerySums['sums'] }): number {
  return readSum(sums, searches);
}

function failedOf({ sums }: QuerySums): number {
  return readSum(sums, failures);
}

/** The most frequent, and beside them the most frequent of those that found nothing. */
export function keepTop(queries: QuerySums[], count: number): QuerySums[] {
  const sorted = queries.sort((left, right) => byFrequency(left, right) || (left.query < right.query ? -1 : 1));
  if (sorted.length <= count) return sorted;
  const failed = sorted.slice(count).filter((query) => failedOf(query) > 0);
  return [...sorted.slice(0, count), ...failed.slice(0, count / 5)];
}

/** The most frequent of each dimension. */
export function keepSlices(slices: SliceSums[]): SliceSums[] {
  const kept = new Map<string, number>();
  return slices
    .sort((left, right) => byFrequency(left, right) || (left.slice < right.slice ? -1 : 1))
    .filter(({ slice }) => {
      const { dimension } = splitSlice(slice);
      const count = (kept.get(dimension) ?? 0) + 1;
      kept.set(dimension, count);
      return count <= slicesPerDimension;
    });
}

function byFrequency(left: { sums: number[] }, right: { sums: number[] }): number {
  return searchesOf(right) - searchesOf(left);
}

/** One day from its hours. */
export function foldHours(from: Date, hours: readonly AnalyticsBucket[]): AnalyticsBucket {
  return {
    ...{ size: 'day', from, cells: cellsOf(sumCells(hours)) },
    users: uniteSketches(hours.map(({ users }) => users)),
    items: uniteSketches(hours.map(({ items }) => items)),
  };
}
