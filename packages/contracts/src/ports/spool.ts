import type { SessionEvent, ShownResult } from '../session.ts';
import type { NewSession } from './sessions.ts';

/** A validated write of the clickstream that could not be stored yet. */
export type SpooledWrite =
  | { kind: 'session'; session: NewSession }
  | { kind: 'page'; page: { sessionId: string; query: string; shown: readonly ShownResult[] } }
  | { kind: 'event'; event: SessionEvent }
  | { kind: 'mark'; sessionId: string; isIrrelevant: boolean };

export interface SpoolEntry {
  write: SpooledWrite;
  /** When it was accepted. */
  acceptedAt: Date;
  /** When the store first refused it; absent: it never has. */
  refusedAt?: Date;
}

/** Where the clickstream waits while the document store is away; outlives the process. */
export interface Spool {
  /** What comes now has to queue behind something that waits. */
  isWaiting(): boolean;
  /** The store was away until a minute ago: a session that it does not know may still wait in another gateway's spool. */
  wasAway(): boolean;
  /** It takes nothing now. */
  noteAway(): void;
  /** The last of what waits is being stored: whoever comes may look again when this resolves. Null: it is not. */
  handover(): Promise<void> | null;
  /** True once all of them are on disk; false, and none kept, when there is no room. */
  append(writes: readonly SpooledWrite[]): Promise<boolean>;
}
