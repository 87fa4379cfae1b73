import type { ExclusionReason, SessionEvent, SessionWithEvents } from '@embedding-studio/contracts';

const start = Date.UTC(2026, 0, 5);

export interface SessionCase {
  id?: string;
  query?: string;
  shown?: string[];
  clicked?: string[];
  userId?: string;
  minute?: number;
  isIrrelevant?: boolean;
  searchMeta?: Record<string, unknown>;
  exclusions?: ExclusionReason[];
  events?: Partial<SessionEvent>[];
}

/** A session with one click event per clicked item, all at the same time unless events say otherwise. */
export function makeSession(given: SessionCase = {}): SessionWithEvents {
  const { id = 's1', query = 'red shoes', shown = ['a', 'b', 'c', 'd', 'e', 'f'], clicked = ['c'], minute = 0 } = given;
  const createdAt = new Date(start + minute * 60_000);
  const events = given.events ?? clicked.map((itemId) => ({ itemId }));
  return {
    sessionId: id,
    query,
    shown: shown.map((itemId) => ({ itemId })),
    createdAt,
    isIrrelevant: given.isIrrelevant ?? false,
    batchId: 'bat_1',
    sessionNumber: 1,
    userId: given.userId,
    searchMeta: given.searchMeta,
    exclusions: given.exclusions,
    events: events.map((event, index) => ({
      sessionId: id,
      eventId: `${id}-${index}`,
      itemId: 'a',
      type: 'click',
      createdAt,
      receivedAt: createdAt,
      ...event,
    })),
  };
}

/** `seconds` after the first session's start. */
export function at(seconds: number): Date {
  return new Date(start + seconds * 1000);
}
