import { setTimeout as sleep } from 'node:timers/promises';
import {
  type IngestOutcome,
  isStudioError,
  type SessionEvent,
  type SessionStore,
  type Spool,
  type SpooledWrite,
  StudioError,
} from '@embedding-studio/contracts';

/** Longest that a caller waits for the store before the spool takes the writes: twice stored is stored once. */
const patienceMs = { everyCall: 1_000, everyWrite: 2 };

/**
 * The same store, but for writes of the clickstream while it is away: they wait in the spool, and so does all that comes
 * before the spool has been emptied, since a click must not arrive before its session.
 * @throws StudioError STORE_UNAVAILABLE where the spool has no room either
 */
export function spoolSessions(store: SessionStore, spool: Spool): SessionStore {
  const attempt = attemptBefore(spool);
  return {
    ...store,
    registerSession: (session) =>
      attempt(() => store.registerSession(session), {
        writes: [{ kind: 'session', session }],
        answer: { created: false, isSpooled: true },
      }),
    registerSessions: (sessions) =>
      attempt(() => store.registerSessions(sessions), {
        writes: sessions.map((session) => ({ kind: 'session', session })),
        answer: { created: 0, spooled: sessions.length },
      }),
    extendSession: (page) =>
      attempt(() => store.extendSession(page), { writes: [{ kind: 'page', page }], answer: undefined }),
    pushEvents: (events) =>
      attempt(() => store.pushEvents(events), {
        writes: events.map((event) => ({ kind: 'event', event })),
        answer: { created: 0, duplicates: 0, spooled: events.length },
      }),
    ingestEvents: async (events) => {
      const outcome = await attempt<IngestOutcome>(() => store.ingestEvents(events), {
        writes: events.map((event) => ({ kind: 'event', event })),
        answer: { created: 0, duplicates: 0, refused: [], spooled: events.length },
      });
      return spool.wasAway() ? keepUnknown(spool, { events, outcome }) : outcome;
    },
    markIrrelevant: (sessionId, isIrrelevant = true) =>
      attempt(() => store.markIrrelevant(sessionId, isIrrelevant), {
        writes: [{ kind: 'mark', sessionId, isIrrelevant }],
        answer: { isSpooled: true },
      }),
  };
}

interface Instead<T> {
  writes: readonly SpooledWrite[];
  /** What a caller hears whose writes wait. */
  answer: T;
}

function attemptBefore(spool: Spool) {
  return async <T>(direct: () => Promise<T>, { writes, answer }: Instead<T>): Promise<T> => {
    // Without it steady traffic would queue behind itself for ever.
    const handover = spool.handover();
    if (handover !== null) await withinPatience(handover, writes.length);
    if (spool.isWaiting()) {
      if (await spool.append(writes)) return answer;
      throw away('The document store is away and the spool is full.');
    }
    try {
      const stored = await withinPatience(direct(), writes.length);
      if (stored !== late) return stored;
    } catch (error) {
      if (isStudioError(error) && error.code === 'STORE_UNAVAILABLE') spool.noteAway();
      if (isWorthWaiting(error, spool) && (await spool.append(writes))) return answer;
      throw error;
    }
    spool.noteAway();
    if (await spool.append(writes)) return answer;
    throw away('The document store is slow and the spool is full.');
  };
}

/** Away, or so lately that the session of a click may not have arrived yet. */
function isWorthWaiting(error: unknown, spool: Spool): boolean {
  if (!isStudioError(error)) return false;
  return error.code === 'STORE_UNAVAILABLE' || (error.code === 'SESSION_NOT_FOUND' && spool.wasAway());
}

/** The same for events of which each is taken or refused on its own. */
async function keepUnknown(
  spool: Spool,
  { events, outcome }: { events: readonly SessionEvent[]; outcome: IngestOutcome },
): Promise<IngestOutcome> {
  const unknown = outcome.refused.filter(({ code }) => code === 'SESSION_NOT_FOUND');
  const writes = unknown.flatMap(({ at }): SpooledWrite[] => {
    const event = events[at];
    return event === undefined ? [] : [{ kind: 'event', event }];
  });
  if (writes.length === 0 || !(await spool.append(writes))) return outcome;
  const refused = outcome.refused.filter(({ code }) => code !== 'SESSION_NOT_FOUND');
  return { ...outcome, refused, spooled: (outcome.spooled ?? 0) + writes.length };
}

const late = Symbol('late');

async function withinPatience<T>(direct: Promise<T>, writes: number): Promise<T | typeof late> {
  const patience = new AbortController();
  const waitMs = patienceMs.everyCall + patienceMs.everyWrite * writes;
  try {
    return await Promise.race([direct, sleep(waitMs, late, { signal: patience.signal })]);
  } finally {
    patience.abort();
    direct.catch(() => undefined);
  }
}

function away(message: string): StudioError {
  return new StudioError('STORE_UNAVAILABLE', message, {
    publicMessage: 'The document database does not answer; try again shortly.',
  });
}
