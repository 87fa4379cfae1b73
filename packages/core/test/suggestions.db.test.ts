import {
  addPhrases,
  type Ctx,
  changePhrase,
  createHourlyLearning,
  deletePhrase,
  eraseUser,
  getPhrase,
  importSessions,
  listAudit,
  listPhrases,
  registerSession,
  requestSuggestionLearning,
  type SuggestPhrasesInput,
  suggestPhrases,
} from '@embedding-studio/core';
import { drainTasks, startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let studio: TestStudio;
let ctx: Ctx;
beforeAll(async () => {
  studio = await startTestStudio();
  ctx = studio.ctx;
});
afterAll(() => studio.close());

let count = 0;

interface Typing {
  query: string;
  people: number;
  /** Default: a list of two, the first clicked. */
  shown?: string[];
  isAnonymous?: boolean;
  from?: number;
}

/** Each of them types it once, an hour ago. */
async function type({ query, people, shown = ['a', 'b'], isAnonymous = false, from = 0 }: Typing): Promise<void> {
  const createdAt = new Date(ctx.deps.clock.now().getTime() - 3_600_000);
  const sessions = Array.from({ length: people }, (_, person) => {
    count += 1;
    const [first] = shown;
    return {
      ...{ sessionId: `s${count}`, query, shown: shown.map((itemId) => ({ itemId })), createdAt },
      ...(isAnonymous ? {} : { userId: `user-${from + person}` }),
      events: first === undefined ? [] : [{ eventId: 'e', itemId: first, createdAt }],
    };
  });
  await importSessions({ ctx, input: { sessions } });
}

async function learn(): Promise<void> {
  studio.passSeconds(3_600);
  await requestSuggestionLearning({ ctx });
  await drainTasks(studio.deps);
}

async function phrases(phrase: string, input: Partial<SuggestPhrasesInput> = {}): Promise<string[]> {
  const found = await suggestPhrases({ ctx, input: { phrase, topK: 10, ...input } });
  return found.map(({ prefix, postfix }) => prefix + postfix);
}

describe('suggestions learned from sessions', () => {
  test('a query of four people is never suggested; one of five is, whether they have names or not', async () => {
    await type({ query: 'Velvet curtain', people: 4 });
    await type({ query: 'velvet chair', people: 5 });
    await type({ query: 'velvet lamp', people: 5, isAnonymous: true });
    await learn();
    expect((await phrases('velv')).sort()).toEqual(['velvet chair', 'velvet lamp']);
    await type({ query: 'velvet  CURTAIN', people: 1, from: 4 });
    await learn();
    expect(await phrases('velvet cur')).toEqual(['velvet curtain']);
  });

  test('the fifth session of the fourth person is not a fifth person', async () => {
    await type({ query: 'secret wish', people: 4 });
    await type({ query: 'secret wish', people: 4 });
    await learn();
    expect(await phrases('secret')).toEqual([]);
  });

  test('a query without results is never suggested', async () => {
    await type({ query: 'unicorn saddle', people: 30, shown: [] });
    await learn();
    expect(await phrases('unicorn')).toEqual([]);
  });

  test('what satisfies more of those who ask comes first', async () => {
    await type({ query: 'kettle steel', people: 8 });
    await type({ query: 'kettle glass', people: 8 });
    for (let more = 0; more < 3; more++) await registerUnclicked('kettle steel', more);
    await learn();
    expect(await phrases('kettle')).toEqual(['kettle glass', 'kettle steel']);
  });

  test('a session still under way is learned from later, and no session twice', async () => {
    await type({ query: 'garden gnome', people: 4 });
    await registerSession({
      ctx,
      input: { sessionId: 'open', query: 'garden gnome', shown: [{ itemId: 'a' }], userId: 'user-9' },
    });
    await requestSuggestionLearning({ ctx });
    await drainTasks(studio.deps);
    expect(await phrases('garden')).toEqual([]);
    await learn();
    expect(await phrases('garden')).toEqual(['garden gnome']);
    const before = await getPhrase({ ctx, input: { phraseId: 'garden gnome' } });
    await learn();
    const after = await getPhrase({ ctx, input: { phraseId: 'garden gnome' } });
    expect(after.people).toBe(5);
    expect(after.learned ?? 0).toBeLessThanOrEqual(before.learned ?? 0);
  });

  test('one task an hour, however often it is asked for', async () => {
    const first = await requestSuggestionLearning({ ctx });
    expect((await requestSuggestionLearning({ ctx })).id).toBe(first.id);
    await drainTasks(studio.deps);
  });

  test('a worker asks for it once in every new hour', async () => {
    const asked = async () =>
      (await studio.deps.tasks.listTasks({ kind: 'suggestion_learning', offset: 0, limit: 1_000 })).length;
    const learnHourly = createHourlyLearning(ctx);
    const before = await asked();
    await learnHourly();
    expect(await asked()).toBe(before);
    studio.passSeconds(3_600);
    for (let again = 0; again < 3; again++) await learnHourly();
    expect(await asked()).toBe(before + 1);
    await drainTasks(studio.deps);
  });

  test('erasing a person takes out, at once, what had only five with them', async () => {
    await type({ query: 'private matter', people: 5 });
    await type({ query: 'public matter', people: 6 });
    await learn();
    expect((await phrases('p')).filter((phrase) => phrase.endsWith('matter'))).toHaveLength(2);
    expect((await eraseUser({ ctx, input: { userId: 'user-0' } })).sessions).toBeGreaterThan(0);
    expect(await phrases('private')).toEqual([]);
    expect(await phrases('public')).toEqual(['public matter']);
    await learn();
    expect(await phrases('private'), 'learned again from what is left').toEqual([]);
  });
});

async function registerUnclicked(query: string, person: number): Promise<void> {
  const createdAt = new Date(ctx.deps.clock.now().getTime() - 3_600_000);
  const shown = [{ itemId: 'a' }];
  await registerSession({
    ctx,
    input: { sessionId: `u${++count}`, query, shown, userId: `other-${person}`, createdAt },
  });
}

describe('phrases of operators', () => {
  beforeAll(async () => {
    await addPhrases({
      ctx,
      input: {
        phrases: [
          { phrase: 'Bluetooth Headphones', prob: 0.9, labels: ['audio'], domains: ['shop'] },
          { phrase: 'bluetooth speaker', prob: 0.6 },
          { phrase: 'blueberry jam', prob: 0.8 },
          { phrase: 'bluebell', prob: 0.1 },
          { phrase: 'Shoes size 42', prob: 0.5 },
        ],
      },
    });
  });

  test('what is typed right comes before what is nearly typed, whatever their probabilities', async () => {
    await addPhrases({ ctx, input: { phrases: [{ phrase: 'blutooth cable', prob: 0.01 }] } });
    expect(await phrases('blutooth')).toEqual(['blutooth cable', 'Bluetooth Headphones', 'bluetooth speaker']);
    const found = await suggestPhrases({ ctx, input: { phrase: 'blutooth', topK: 3 } });
    expect(found.map(({ matchType }) => matchType)).toEqual(['exact', 'fuzzy', 'fuzzy']);
  });

  test('each slip of one letter is undone, also in a word that is not finished', async () => {
    for (const slip of ['bluetoth h', 'bleutooth h', 'bluetoothh h', 'bluetoith h', 'bluetooth haed'])
      expect(await phrases(slip)).toContain('Bluetooth Headphones');
    expect(await phrases('blwetoith')).toEqual([]);
  });

  test('the span says what the phrase replaces, also behind other words', async () => {
    const [first] = await suggestPhrases({ ctx, input: { phrase: 'red shoes siz' } });
    expect(first).toMatchObject({ prefix: 'Shoes', postfix: ' size 42', span: { start: 4, end: 13 } });
  });

  test('a domain or a label leaves out the others', async () => {
    expect(await phrases('blue', { domain: 'shop' })).toEqual(['Bluetooth Headphones']);
    expect(await phrases('', { domain: 'shop' })).toEqual(['Bluetooth Headphones']);
    expect(await phrases('blue', { label: 'audio' })).toEqual(['Bluetooth Headphones']);
    expect(await phrases('blue', { domain: 'nowhere' })).toEqual([]);
    expect(await phrases('')).toEqual([]);
  });

  test('best first, as many as wanted', async () => {
    expect(await phrases('blue', { topK: 2 })).toEqual(['Bluetooth Headphones', 'blueberry jam']);
    expect(await phrases('blue', { topK: 0 })).toEqual([]);
    await changePhrase({ ctx, input: { phraseId: 'bluebell', prob: 0.95 } });
    expect(await phrases('blue', { topK: 1 })).toEqual(['bluebell']);
  });

  test('a deleted phrase is not brought back by those who type it', async () => {
    await addPhrases({ ctx, input: { phrases: [{ phrase: 'forbidden fruit' }] } });
    await deletePhrase({ ctx, input: { phraseId: 'forbidden fruit' } });
    await type({ query: 'forbidden fruit', people: 12 });
    await learn();
    expect(await phrases('forbidden')).toEqual([]);
    await expect(getPhrase({ ctx, input: { phraseId: 'forbidden fruit' } })).rejects.toMatchObject({
      code: 'PHRASE_NOT_FOUND',
    });
  });

  test('lists have pages that join', async () => {
    const all = await listPhrases({ ctx, input: { limit: 1_000 } });
    const pages = await Promise.all([0, 3].map((offset) => listPhrases({ ctx, input: { offset, limit: 3 } })));
    expect(pages.flat()).toEqual(all.slice(0, 6));
  });

  test('every change leaves an audit row', async () => {
    const rows = await listAudit({ ctx, input: { limit: 1_000 } });
    const actions = new Set(rows.map(({ action }) => action));
    for (const action of ['add', 'change', 'delete', 'erase', 'request-learning'])
      expect(actions).toContain(`suggestion.${action}`);
  });
});

describe('refusals', () => {
  test('faulty input names its field', async () => {
    const long = Array.from({ length: 21 }, () => 'a').join(' ');
    await expect(suggestPhrases({ ctx, input: { phrase: 'a', topK: 101 } })).rejects.toMatchObject({ field: 'topK' });
    await expect(addPhrases({ ctx, input: { phrases: [{ phrase: 'a' }, { phrase: long }] } })).rejects.toMatchObject({
      ...{ code: 'INPUT_INVALID', field: 'phrases.1.phrase' },
    });
    await expect(addPhrases({ ctx, input: { phrases: [{ phrase: 'a', prob: 2 }] } })).rejects.toMatchObject({
      field: 'phrases.0.prob',
    });
    await expect(changePhrase({ ctx, input: { phraseId: 'none', prob: 1 } })).rejects.toMatchObject({
      ...{ code: 'PHRASE_NOT_FOUND', field: 'phraseId' },
    });
  });

  test('a key of searches reads suggestions and changes none', async () => {
    const search: Ctx = { ...ctx, actor: { kind: 'apiKey', keyId: 'k', scopes: ['search'] } };
    await expect(suggestPhrases({ ctx: search, input: { phrase: 'blue' } })).resolves.toHaveLength(3);
    for (const call of [
      addPhrases({ ctx: search, input: { phrases: [{ phrase: 'a' }] } }),
      deletePhrase({ ctx: search, input: { phraseId: 'a' } }),
      listPhrases({ ctx: search, input: {} }),
      requestSuggestionLearning({ ctx: search }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('odd characters are only characters', async () => {
    for (const phrase of ["'; drop", '%', '_', 'b_u', 'x\\', '\0q', '🦄🦄', '(((', 'é'])
      await expect(suggestPhrases({ ctx, input: { phrase } })).resolves.toEqual([]);
  });
});
