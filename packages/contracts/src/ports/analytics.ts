import type { AnalyticsBucket, AnalyticsCursor, AnalyticsState, QueryBucket, SliceBucket } from '../analytics.ts';
import type { PlainFacts, SessionFacts, SessionTraits, TouchedItems } from '../session-facts.ts';

export interface FactsQuery {
  /** Sessions with one of these traits; null: all. */
  traitsKeys: readonly string[] | null;
  /** About how many sessions of the range have them; null: unknown. Decides how the store looks for them. */
  expected: { matching: number; total: number } | null;
  from: Date | null;
  /** Not included. */
  to: Date | null;
  userId: string | null;
  /** Beginning of the normalised query. */
  queryPrefix: string | null;
  /** The prefix is the whole query. */
  isWholeQuery?: boolean;
  /** As `SessionFacts.slices` names it. */
  slice?: string | null;
  /** Sessions that showed (or clicked) at least one of these items; null: whatever they showed. */
  items: TouchedItems | null;
}

export type SessionTouches = Pick<SessionFacts, 'sessionId' | 'traitsKey' | 'shownIds' | 'clickedIds'>;

/** Facts of sessions and what is counted of them (MongoDB). One process writes at a time. */
export interface AnalyticsStore {
  /** The state, once no other owner holds the turn; null while one does. Asked again by its owner it is renewed. */
  claimTurn(owner: string, seconds: number): Promise<AnalyticsState | null>;
  getState(): Promise<AnalyticsState>;
  /** @throws StudioError LEASE_LOST when another owner took the turn. */
  saveState(owner: string, change: Partial<AnalyticsState>): Promise<void>;
  /** Lets others have the turn. */
  endTurn(owner: string): Promise<void>;
  requestRebuild(): Promise<void>;
  /** Removes facts and buckets. */
  clear(): Promise<void>;

  /** Sessions that were registered, got events or were changed after the cursor, up to `limit` of each kind. */
  listChanged(page: {
    cursor: AnalyticsCursor | null;
    until: Date;
    limit: number;
  }): Promise<{ sessionIds: string[]; cursor: AnalyticsCursor; isLast: boolean }>;

  /** Never changed once stored. */
  putTraits(traits: ReadonlyMap<string, SessionTraits>): Promise<void>;
  listTraits(): Promise<Map<string, SessionTraits>>;

  findFacts(sessionIds: readonly string[]): Promise<SessionFacts[]>;
  /** Facts of users within a time, ends included. */
  findFactsOfUsers(windows: readonly { userId: string; from: Date; to: Date }[]): Promise<SessionFacts[]>;
  putFacts(facts: readonly SessionFacts[]): Promise<void>;
  /** In order of time. */
  visitHour(hour: Date, visit: (facts: SessionFacts) => void): Promise<void>;
  /** Sessions within a time, its end not included, in no particular order. */
  visitRange(range: { from: Date; to: Date }, visit: (facts: PlainFacts) => void): Promise<void>;
  /** Those that took part in the experiment. */
  visitExperiment(
    experimentId: string,
    range: { from: Date; to: Date },
    visit: (facts: PlainFacts) => void,
  ): Promise<void>;
  /** Newest first; `after` is the last row of the page before. */
  listFacts(
    page: FactsQuery & { after: { at: Date; sessionId: string } | null; limit: number },
  ): Promise<SessionFacts[]>;
  /**
   * Of one user, query prefix or some items: sessions by traits. Counted are the first so many found, for items only in
   * so many of the newest hours that have sessions; `isAll`: there are no more.
   */
  countTraits(
    query: FactsQuery,
    limit: { sessions: number; hours: number },
  ): Promise<{ counts: Map<string, number>; isAll: boolean }>;
  /** In the order of writing; the newest `limit` of them, and how many more there are. */
  listWritten(page: { after: number; limit: number }): Promise<{ facts: SessionFacts[]; missed: number }>;

  /** Which items the sessions of an hour touched, in order of time; takes the place of what was known of that hour. */
  putTouches(hour: Date, sessions: readonly SessionTouches[]): Promise<void>;
  putBucket(
    bucket: AnalyticsBucket,
    parts: { queries: QueryBucket['queries']; slices: SliceBucket['slices'] },
  ): Promise<void>;
  /**
   * Buckets that make up the time between two hours: whole days where they fit in. What these three give is remembered by
   * the store: it is not to be changed.
   */
  listBuckets(range: { from: Date; to: Date; size?: 'hour' | 'day' }): Promise<AnalyticsBucket[]>;
  /** `places`: the sums that are wanted; of the others some may be 0. */
  listQueryBuckets(range: {
    from: Date;
    to: Date;
    size?: 'hour' | 'day';
    places?: readonly number[];
  }): Promise<QueryBucket[]>;
  listSliceBuckets(range: { from: Date; to: Date; size?: 'hour' | 'day' }): Promise<SliceBucket[]>;
}
