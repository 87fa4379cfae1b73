import type { Session, SessionBatch, SessionEvent, SessionWithEvents } from '../session.ts';

export type NewSession = Omit<Session, 'batchId' | 'sessionNumber' | 'isIrrelevant'>;

/** Sessions, events, batches (MongoDB). */
export interface SessionStore {
  /** Idempotent on sessionId: the first write wins. */
  registerSession(session: NewSession): Promise<{ created: boolean }>;
  /** Many at once, idempotent; used for replays. */
  registerSessions(sessions: readonly NewSession[]): Promise<{ created: number }>;
  getSession(sessionId: string): Promise<SessionWithEvents>;
  /** Idempotent on (sessionId, eventId); the same id with another body is EVENT_CONFLICT. */
  pushEvents(events: readonly SessionEvent[]): Promise<{ created: number; duplicates: number }>;
  markIrrelevant(sessionId: string): Promise<void>;
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
