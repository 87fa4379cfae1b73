import type { ArrivalCursor } from './ports/sessions.ts';

/** Sums over sessions with the same traits. */
export interface Tally {
  sessions: number;
  clicks: number;
  positionSum: number;
  positioned: number;
  /** Sum of 1 ÷ place of the first click. */
  reciprocalSum: number;
  /** Durations of our own searches, milliseconds, and how many are known. */
  tookMs: number;
  timed: number;
  /** Times to the first click that satisfied, milliseconds, and how many there are. */
  satisfiedMs: number;
  satisfiedTimed: number;
  /** Sessions by their best place: [0] place 1 … [9] place 10, [10] beyond. */
  bestPlaces: number[];
  /** Searches by duration, in the classes of `tookClasses`. */
  took: number[];
}

/** Upper ends of the classes of durations, milliseconds; the last class is open. */
export const tookClasses = [5, 10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640, 1_000, 2_000, 5_000] as const;

/** Everything that metrics sum, over the sessions of one query or slice, in the order of `quantities` of the core. */
export type MetricSums = number[];

export interface QuerySums {
  /** Normalised. */
  query: string;
  sums: MetricSums;
}

/** One slice, as `SessionFacts.slices` names it. */
export interface SliceSums {
  slice: string;
  sums: MetricSums;
  /** As in a tally. */
  took: number[];
}

/** Everything that is counted of one hour or one day (UTC). */
export interface AnalyticsBucket {
  size: 'hour' | 'day';
  from: Date;
  cells: { traitsKey: string; tally: Tally }[];
  /** Sketch of the different users, see `addToSketch`. */
  users: number[];
  /** Sketch of the different items that were shown. */
  items: number[];
}

/** The queries of a bucket; exact while an hour has at most 500 different ones. */
export interface QueryBucket {
  size: 'hour' | 'day';
  from: Date;
  queries: QuerySums[];
}

/** The slices of a bucket, at most 100 of a dimension. */
export interface SliceBucket {
  size: 'hour' | 'day';
  from: Date;
  slices: SliceSums[];
}

/** How far the facts have followed the sessions. */
export interface AnalyticsCursor {
  /** The last session read, by batch and number. */
  registered: { batchId: string; batchAt: Date; number: number } | null;
  events: ArrivalCursor;
  changes: ArrivalCursor;
}

export interface AnalyticsState {
  /** What facts and counts hold; older ones are made anew. */
  version: number;
  cursor: AnalyticsCursor | null;
  /** Starts of hours whose bucket must be made anew. */
  dirtyHours: Date[];
  /** Sequence of the facts written last. */
  sequence: number;
  /** When the facts last were as new as the sessions; null: not yet. */
  caughtUpAt: Date | null;
  /** Set by whoever wants all of it made anew. */
  rebuildRequested: boolean;
}
