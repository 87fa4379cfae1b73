import type { ItemRecord, SessionEvent } from '@embedding-studio/contracts';
import { composeItem, createQueryKnowledge } from '@embedding-studio/core';
import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let studio: TestStudio;

function item(id: string, title: string, text: string): ItemRecord {
  return composeItem({ id, title, text, payload: {} }, { partWordsMax: 40, partsMax: 1 });
}

async function addSession(id: string, query: string, clicked: readonly string[]): Promise<void> {
  const createdAt = new Date('2026-06-01T00:00:00Z');
  const shown = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((itemId) => ({ itemId }));
  await studio.deps.sessions.registerSession({ sessionId: id, query, shown, createdAt, userId: `user ${id}` });
  const events = clicked.map((itemId, at): SessionEvent => {
    const time = new Date(createdAt.getTime() + (at + 1) * 30_000);
    return { sessionId: id, eventId: `${id} ${at}`, itemId, type: 'click', createdAt: time, receivedAt: time };
  });
  if (events.length > 0) await studio.deps.sessions.pushEvents(events);
}

beforeAll(async () => {
  studio = await startTestStudio();
  await studio.deps.items.upsertItems([
    item('1', 'Journeys to the sea', 'Long journeys by ship.'),
    item('2', 'A journey', 'One journey, two travellers.'),
    item('3', 'Café über alles', 'Coffee/tea & cake'),
    item('4', 'Comedies of the sea', 'Comedies, mostly.'),
    item('5', 'Comedies on land', 'Comedies and a slip: jorney.'),
  ]);
  for (const at of [1, 2, 3]) await addSession(`shirt ${at}`, 'T-Shirt', ['a', 'b']);
  await addSession('tee', 'tee', ['a', 'b']);
  await addSession('hat', 'hat', ['c']);
  await addSession('looked', 'only looked', []);
  await studio.deps.queryKnowledge.refresh();
});
afterAll(() => studio.close());

describe('vocabulary', () => {
  const vocabulary = () => studio.deps.queryKnowledge.vocabulary();

  test('counts items in any inflection, case and accent; 0 for words of no item', async () => {
    const words = ['journey', 'Journeys', 'SEA', 'cafe', 'absent', '!', '', '\u0000'];
    expect(await vocabulary()?.countItems(words)).toEqual([2, 2, 2, 1, 0, 0, 0, 0]);
  });

  test('finds near words as texts spell them, and never those of a single item', async () => {
    expect(await vocabulary()?.findSimilar('jurney', { edits: 2, limit: 5 })).toEqual([
      { word: 'journey', edits: 1, items: 2 },
    ]);
    expect(await vocabulary()?.findSimilar('comedeis', { edits: 2, limit: 5 })).toMatchObject([{ word: 'comedies' }]);
    expect(await vocabulary()?.findSimilar('cofee', { edits: 2, limit: 5 })).toEqual([]);
    expect(await vocabulary()?.findSimilar("'; DROP TABLE items; --", { edits: 2, limit: 5 })).toEqual([]);
  });

  test('a word of items that came after loading is known at once, and corrected to once it is read anew', async () => {
    const nets = [item('6', 'Trawler', 'Trawlers'), item('7', 'Trawler', 'A trawler')];
    await studio.deps.items.upsertItems(nets);
    expect(await vocabulary()?.countItems(['trawler', 'Trawlers'])).toEqual([2, 2]);
    expect(await vocabulary()?.findSimilar('trowler', { edits: 1, limit: 1 })).toEqual([]);
    await studio.deps.queryKnowledge.refresh();
    expect(await vocabulary()?.findSimilar('trowler', { edits: 1, limit: 1 })).toMatchObject([{ word: 'trawler' }]);
  });

  test('words that texts contain are counted from memory, and only the others are asked for', async () => {
    const asked: string[][] = [];
    const { words } = studio.postgres.stores;
    const { clock, log, sessions } = studio.deps;
    const knowledge = createQueryKnowledge({
      words: {
        ...words,
        countWords: (unknown) => {
          asked.push([...unknown]);
          return words.countWords(unknown);
        },
      },
      ...{ clock, log, sessions },
    });
    await knowledge.refresh();
    expect(await knowledge.vocabulary()?.countItems(['Journeys', 'to', 'the', 'SEA', 'comedies'])).toEqual([
      2, 1, 2, 2, 2,
    ]);
    expect(asked).toEqual([]);
    expect(await knowledge.vocabulary()?.countItems(['journeys', 'jurney', 'journeying'])).toEqual([2, 0, 2]);
    expect(asked).toEqual([['jurney', 'journeying']]);
  });
});

describe('co-clicks', () => {
  const related = (text: string) => studio.deps.queryKnowledge.coClicks()?.findRelatedQueries(text, { limit: 5 });

  test('ties queries by the items that were clicked for them', async () => {
    expect(await related('TEE!')).toEqual([{ text: 'T-Shirt', similarity: expect.closeTo(1), voices: 3 }]);
    expect(await related('t shirt')).toEqual([{ text: 'tee', similarity: expect.closeTo(1), voices: 1 }]);
  });

  test('knows nothing of queries without clicks or without company', async () => {
    for (const text of ['hat', 'only looked', 'never asked', '']) expect(await related(text)).toEqual([]);
  });
});
