import type { NewSession, SessionEvent, SessionStore, SessionWithEvents } from '@embedding-studio/contracts';
import type { TestClock } from '../task-store-suite.ts';

export interface SessionStores {
  /** Two stores over one database, as two processes have them. */
  makeStores: () => Promise<[SessionStore, SessionStore]>;
  clock: TestClock;
}

export function sessionFixtures(clock: TestClock) {
  return {
    makeSession: (sessionId: string, change: Partial<NewSession> = {}): NewSession => ({
      ...{ sessionId, query: `query of ${sessionId}`, shown: [{ itemId: 'a' }, { itemId: 'b' }] },
      ...{ createdAt: clock.now(), ...change },
    }),
    makeEvent: (sessionId: string, eventId: string, change: Partial<SessionEvent> = {}): SessionEvent => {
      const now = clock.now();
      return { sessionId, eventId, itemId: 'a', type: 'click', createdAt: now, receivedAt: now, ...change };
    },
    listAll,
  };
}

async function listAll(store: SessionStore, batchId: string, limit = 100): Promise<SessionWithEvents[]> {
  const all: SessionWithEvents[] = [];
  for (let afterNumber = 0; ; ) {
    const page = await store.listBatchSessions({ batchId, afterNumber, limit, eventsLimit: 100 });
    if (page.length === 0) return all;
    all.push(...page);
    afterNumber = page.at(-1)?.sessionNumber ?? 0;
  }
}
