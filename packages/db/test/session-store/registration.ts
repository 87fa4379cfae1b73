import type { SessionStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostileTexts } from '../item-fixtures.ts';
import { type SessionStores, sessionFixtures } from './fixtures.ts';

export function describeRegistration({ makeStores, clock }: SessionStores): void {
  describe('session store: what is registered', () => {
    const { makeSession, makeEvent, listAll } = sessionFixtures(clock);
    let store: SessionStore;
    let other: SessionStore;
    beforeEach(async () => {
      [store, other] = await makeStores();
    });

    it('keeps a session whole; a second one with its id changes nothing', async () => {
      const session = makeSession('s1', {
        shown: [{ itemId: 'a', rank: 1.5, meta: { 'a.b': { $gt: '' } } }],
        userId: 'u',
        searchMeta: { split: 'train', $where: 'x' },
        modelId: 'mdl_1',
        collectionId: 'col_1',
      });
      expect(await store.registerSession(session)).toEqual({ created: true });
      expect(await other.registerSession({ ...session, query: 'other' })).toEqual({ created: false });
      const stored = await store.getSession('s1');
      expect(stored).toMatchObject({ ...session, sessionNumber: 1, isIrrelevant: false, events: [] });
    });

    it('numbers sessions from 1 without gaps or repeats, whoever registers them at once', async () => {
      await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const target = i % 2 === 0 ? store : other;
          // Every third one repeats an id, and some come in bulk.
          if (i % 5 === 0)
            return target.registerSessions(Array.from({ length: 4 }, (_, j) => makeSession(`bulk${i}-${j}`)));
          return target.registerSession(makeSession(`s${i % 3 === 0 ? i + 1 : i}`));
        }),
      );
      const [batch] = await store.listBatches({ offset: 0, limit: 5 });
      const sessions = await listAll(store, batch?.batchId ?? '', 7);
      expect(sessions.map((session) => session.sessionNumber)).toEqual(sessions.map((_, i) => i + 1));
      expect(new Set(sessions.map((session) => session.sessionId)).size).toBe(sessions.length);
      expect(batch?.sessionCount).toBe(sessions.length);
    });

    it('registers thousands at once and counts only the new ones', async () => {
      const sessions = Array.from({ length: 2_500 }, (_, i) => makeSession(`s${i}`));
      expect(await store.registerSessions(sessions.slice(0, 1_200))).toEqual({ created: 1_200 });
      expect(await store.registerSessions([...sessions, ...sessions.slice(0, 10)])).toEqual({ created: 1_300 });
      const [batch] = await store.listBatches({ offset: 0, limit: 1 });
      const numbers = (await listAll(store, batch?.batchId ?? '', 1_000)).map((session) => session.sessionNumber);
      expect(numbers).toEqual(Array.from({ length: 2_500 }, (_, i) => i + 1));
    });

    it('adds further pages to the list of a session, without moving what is there', async () => {
      await store.registerSession(makeSession('p1', { query: 'q', shown: [{ itemId: 'a', position: 1 }] }));
      const page = (itemId: string, position: number) => ({
        ...{
          sessionId: 'p1',
          query: 'q',
          shown: [
            { itemId: 'a', position: 9 },
            { itemId, position },
          ],
        },
      });
      await Promise.all([store.extendSession(page('b', 11)), other.extendSession(page('c', 21))]);
      await store.extendSession({ ...page('d', 31), query: 'another question' });
      const { shown } = await store.getSession('p1');
      expect(shown[0]).toEqual({ itemId: 'a', position: 1 });
      expect(shown.map(({ itemId }) => itemId).sort()).toEqual(['a', 'b', 'c']);
      await store.releaseBatch('closed');
      await store.extendSession(page('e', 41));
      expect((await store.getSession('p1')).shown).toHaveLength(3);
    });

    it('names what it does not know, and treats hostile texts as texts', async () => {
      for (const text of ['none', ...hostileTexts]) {
        await expect(store.getSession(text)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
        await expect(store.markIrrelevant(text)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
        await expect(store.getBatch(text)).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
      }
      const operator = { $gt: '' } as unknown as string;
      await expect(store.getSession(operator)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'sessionId' });
      await expect(store.releaseBatch(operator)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'releaseId' });
      await store.registerSessions(hostileTexts.map((text) => makeSession(text, { query: text, userId: text })));
      await store.pushEvents(hostileTexts.map((text) => makeEvent(text, text, { itemId: text, type: text })));
      for (const text of hostileTexts)
        expect(await store.getSession(text)).toMatchObject({ query: text, events: [{ eventId: text, itemId: text }] });
    });
  });
}
