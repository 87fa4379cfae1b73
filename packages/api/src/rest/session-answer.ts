import type { SessionWithEvents } from '@embedding-studio/contracts';
import type { z } from 'zod';
import type { SessionAnswer } from './schemas/clickstream.ts';

/** A session as REST tells it: seconds in place of dates. */
export function sessionAnswer(session: SessionWithEvents): z.input<typeof SessionAnswer> {
  return {
    session_id: session.sessionId,
    search_query: session.query,
    search_results: session.shown.map(({ itemId, ...shown }) => ({ object_id: itemId, ...shown })),
    search_meta: session.searchMeta,
    user_id: session.userId,
    created_at: secondsOf(session.createdAt),
    is_irrelevant: session.isIrrelevant,
    ...(session.exclusions !== undefined && { exclusions: session.exclusions }),
    events: session.events.map((event) => ({
      event_id: event.eventId,
      object_id: event.itemId,
      event_type: event.type,
      created_at: secondsOf(event.createdAt),
      dwell_time: event.dwellSeconds,
      position: event.position,
      meta: event.meta,
    })),
  };
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
