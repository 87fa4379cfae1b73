import type { ExclusionReason } from '../exclusion.ts';
import type { Session, SessionBatch, SessionEvent, SessionWithEvents, ShownResult } from '../session.ts';

export type NewSession = Omit<Session, 'batchId' | 'sessionNumber' | 'isIrrelevant'>;

export interface IngestOutcome {
  created: number;
  duplicates: number;
  /** Accepted, and waiting for the store on the disk of who accepted them; absent: none. */
  spooled?: number;
  /** `at`: place in the given list. An unknown session, or an id that is stored with another body. */
  refused: { at: number; code: 'SESSION_NOT_FOUND' | 'EVENT_CONFLICT' }[];
}

/** Where a reader of arrivals stands: everything up to and including this event has been read. */
export interface ArrivalCursor {
  receivedAt: Date;
  key: string;
}

/** Sessions, events, batches (MongoDB). */
export interface SessionStore {
  /** Idempotent on sessionId: the first write wins. */
  registerSession(session: NewSession): Promise<{ created: boolean; isSpooled?: true }>;
  /** Many at once, idempotent; used for replays. */
  registerSessions(sessions: readonly NewSession[]): Promise<{ created: number; spooled?: number }>;
  getSession(sessionId: string): Promise<SessionWithEvents>;
  /**
   * Idempotent on (sessionId, eventId), all or none; SESSION_NOT_FOUND, and EVENT_CONFLICT for the same id with another
   * body.
   */
  pushEvents(events: readonly SessionEvent[]): Promise<{ created: number; duplicates: number; spooled?: number }>;
  /** Events of many sessions at once. Each stands alone: what is refused stops none of the others. */
  ingestEvents(events: readonly SessionEvent[]): Promise<IngestOutcome>;
  /** Further pages of the same list. Ids that are there keep their place; a session of a released batch stays as it is. */
  extendSession(page: { sessionId: string; query: string; shown: readonly ShownResult[] }): Promise<void>;
  /** `false` takes the mark back. */
  markIrrelevant(sessionId: string, isIrrelevant?: boolean): Promise<{ isSpooled?: true }>;
  /** In the order of `ids`; unknown ones are left out. */
  findSessions(ids: readonly string[]): Promise<SessionWithEvents[]>;
  /** Sessions that events or marks reached after the cursor, oldest arrival first; null cursor: from the first on. */
  listTouched(page: {
    after: ArrivalCursor | null;
    until: Date;
    limit: number;
  }): Promise<{ sessionIds: string[]; cursor: ArrivalCursor | null }>;
  /** Adds reasons to what is stored; safe to repeat. */
  excludeSessions(verdicts: readonly { sessionId: string; reasons: readonly ExclusionReason[] }[]): Promise<void>;
  /** Sessions by reason, of one batch or (null) of all; a session with two reasons counts under both. */
  countExclusions(batchId: string | null): Promise<Partial<Record<ExclusionReason, number>>>;
  /** Empties the user's sessions in place (numbers of a batch have no gaps) and deletes their events. Idempotent. */
  eraseUser(userId: string): Promise<{ sessionIds: string[]; events: number }>;
  /** Empties old sessions of the collecting batch in place, as erasing their users does; how many, at most `limit`. */
  emptySessions(page: { before: Date; limit: number }): Promise<{ emptied: number; events: number }>;
  /** Batches released before then, and those whose deletion was cut short; oldest first. */
  listReleasedBefore(before: Date): Promise<string[]>;
  /**
   * Deletes a released batch, at most `limit` sessions at a call; it is gone for every reader from the first one on.
   * `isDone` false: call again.
   */
  deleteBatch(batchId: string, limit: number): Promise<{ sessions: number; events: number; isDone: boolean }>;
  /** Idempotent per releaseId. null when nothing was collecting and the id is unknown. */
  releaseBatch(releaseId: string): Promise<SessionBatch | null>;
  getBatch(batchId: string): Promise<SessionBatch>;
  listBatches(page: { offset: number; limit: number }): Promise<SessionBatch[]>;
  /** Keyset by session number; a released batch shows only events received before its release. */
  listBatchSessions(page: {
    batchId: string;
    afterNumber: number;
    limit: number;
    eventsLimit: number;
  }): Promise<SessionWithEvents[]>;
}
