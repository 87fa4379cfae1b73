import { createHash } from 'node:crypto';
import type { NewPhrase, SuggestionEvidence, SuggestionPolicy } from '@embedding-studio/contracts';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let postgres: TestPostgres;
const store = () => postgres.stores.suggestions;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const now = new Date('2026-06-01T00:00:00Z');
const policy: SuggestionPolicy = { peopleMin: 5, shrinkage: 5, halfLifeDays: 30, retentionDays: 180, now };
const idOf = (key: string) => createHash('md5').update(key).digest('hex');
let count = 0;

function evidence(key: string, contributor: string, change: Partial<SuggestionEvidence> = {}): SuggestionEvidence {
  count += 1;
  return {
    ...{ sessionId: `s${count}`, key, contributor, domain: null, hadResults: true, satisfied: 1, at: now },
    ...change,
  };
}

async function record(rows: SuggestionEvidence[], change: Partial<SuggestionPolicy> = {}): Promise<void> {
  await store().recordEvidence({
    evidence: rows,
    cursor: { batchId: 'b', sessionNumber: count },
    policy: { ...policy, ...change },
  });
}

const typedBy = (people: number, key: string, change: Partial<SuggestionEvidence> = {}) =>
  Array.from({ length: people }, (_, person) => evidence(key, `${key}/${person}`, change));

function phrase(key: string, change: Partial<NewPhrase> = {}): NewPhrase {
  return { id: idOf(key), phrase: key, key, labels: [], domains: [], prob: 1, ...change };
}

async function found(prefix: string, domain: string | null = null): Promise<string[]> {
  const rows = await store().findByPrefix({ prefixes: [prefix], domain, label: null, limit: 10 });
  return rows.map((row) => row.key);
}

describe('what may be suggested', () => {
  test('a query typed by four people is not there, neither to find nor to list; the fifth brings it', async () => {
    await record(typedBy(4, 'four chairs'));
    expect(await found('four')).toEqual([]);
    expect(await store().findPhrase(idOf('four chairs'))).toBeNull();
    expect((await store().listPhrases({ offset: 0, limit: 100 })).map(({ key }) => key)).not.toContain('four chairs');
    await record([evidence('four chairs', 'four chairs/4')]);
    expect(await found('four')).toEqual(['four chairs']);
  });

  test('one person who types a query a hundred times is one person', async () => {
    await record(Array.from({ length: 100 }, () => evidence('lonely lamp', 'same')));
    expect(await found('lonely')).toEqual([]);
  });

  test('a query without results is never suggested, whoever types it', async () => {
    await record(typedBy(50, 'nothing here', { hadResults: false, satisfied: 0 }));
    expect(await found('nothing')).toEqual([]);
  });

  test('a query that stops having results is dropped', async () => {
    await record(typedBy(6, 'sold out'));
    expect(await found('sold')).toEqual(['sold out']);
    await record(typedBy(7, 'sold out', { hadResults: false, satisfied: 0 }));
    expect(await found('sold')).toEqual([]);
  });

  test('a query that never satisfied anybody is not suggested', async () => {
    await record(typedBy(9, 'bad idea', { satisfied: 0 }));
    expect(await found('bad i')).toEqual([]);
  });

  test('the same sessions told twice change nothing', async () => {
    const rows = typedBy(5, 'told twice');
    await record(rows);
    const once = await store().findPhrase(idOf('told twice'));
    await record(rows);
    expect(await store().findPhrase(idOf('told twice'))).toEqual(once);
    expect(once?.learned).toBeCloseTo(5 / (5 + 5), 6);
    expect(once?.people).toBe(5);
  });

  test('a domain is learned only where enough people of that domain typed it', async () => {
    await record([...typedBy(5, 'desk', { domain: 'office' }), evidence('desk', 'one of home', { domain: 'home' })]);
    expect((await store().findPhrase(idOf('desk')))?.domains).toEqual(['office']);
    expect(await found('desk', 'office')).toEqual(['desk']);
    expect(await found('desk', 'home')).toEqual([]);
  });
});

describe('time', () => {
  test('a score halves its evidence with every half-life, and newer queries overtake older ones', async () => {
    await record(typedBy(6, 'old fashion'));
    const later = new Date(now.getTime() + 30 * 86_400_000);
    await store().rescore({ ...policy, now: later });
    expect((await store().findPhrase(idOf('old fashion')))?.learned).toBeCloseTo(3 / (3 + 5), 6);
    await record(typedBy(6, 'old favourite', { at: later }), { now: later });
    expect(await found('old')).toEqual(['old favourite', 'old fashion']);
  });

  test('what is older than the retention is forgotten, its words too', async () => {
    await record(typedBy(6, 'zeppelin'));
    const later = new Date(now.getTime() + 181 * 86_400_000);
    const { forgotten } = await store().rescore({ ...policy, now: later });
    expect(forgotten).toBeGreaterThanOrEqual(6);
    expect(await found('zepp')).toEqual([]);
    expect(await store().findWords(['zeppelin'], 10)).toEqual([]);
  });
});

describe('erasure', () => {
  test('erasing one of five people takes the query out at once; nothing of theirs stays', async () => {
    await record(typedBy(5, 'rare book'));
    expect(await found('rare')).toEqual(['rare book']);
    expect(await store().eraseContributor('rare book/2', policy)).toBe(1);
    expect(await found('rare')).toEqual([]);
    expect(await store().findWords(['rare'], 10)).toEqual([]);
    expect(await store().eraseContributor('rare book/2', policy)).toBe(0);
  });

  test('what an operator wrote stays', async () => {
    await record(typedBy(5, 'written book'));
    await store().addPhrases([phrase('written book', { prob: 0.7 })]);
    await store().eraseContributor('written book/0', policy);
    expect(await store().findPhrase(idOf('written book'))).toMatchObject({ prob: expect.closeTo(0.7), learned: null });
  });
});

describe('phrases of operators', () => {
  test('are found from the first on, best first, with or without a domain', async () => {
    await store().addPhrases([
      phrase('green tea', { prob: 0.2, domains: ['food'] }),
      phrase('green lamp', { prob: 0.9 }),
    ]);
    expect(await found('green')).toEqual(['green lamp', 'green tea']);
    for (const prefix of ['g', 'gr', 'gre', 'green ', 'green t']) expect(await found(prefix)).toContain('green tea');
    expect(await found('green', 'food')).toEqual(['green tea']);
    expect(await found('', 'food')).toEqual(['green tea']);
    expect(await found('green lamps')).toEqual([]);
  });

  test('labels and domains come and go, each once and in order', async () => {
    await store().addPhrases([phrase('labelled')]);
    await store().changePhrase(idOf('labelled'), { addLabels: ['b', 'a'], addDomains: ['d'] });
    expect(await store().changePhrase(idOf('labelled'), { addLabels: ['a', 'c'], prob: 0.25 })).toMatchObject({
      ...{ labels: ['b', 'a', 'c'], domains: ['d'], prob: 0.25 },
    });
    expect(await store().removeEverywhere('labels', ['a', 'c'])).toBe(1);
    expect(await store().findPhrase(idOf('labelled'))).toMatchObject({ labels: ['b'] });
    expect(await store().changePhrase('nobody', { prob: 1 })).toBeNull();
  });

  test('a deleted phrase stays away however many people type it, until it is added again', async () => {
    await store().addPhrases([phrase('scandal')]);
    expect(await store().deletePhrase(idOf('scandal'))).toBe(true);
    await record(typedBy(20, 'scandal'));
    await store().rescore(policy);
    expect(await found('scandal')).toEqual([]);
    expect(await store().findPhrase(idOf('scandal'))).toBeNull();
    expect(await store().deletePhrase(idOf('scandal'))).toBe(false);
    await store().addPhrases([phrase('scandal')]);
    expect(await found('scandal')).toEqual(['scandal']);
  });

  test('two phrases of one key in one call are one phrase', async () => {
    await store().addPhrases([phrase('twice', { prob: 0.1 }), phrase('twice', { prob: 0.3 })]);
    expect(await store().findPhrase(idOf('twice'))).toMatchObject({ prob: expect.closeTo(0.3) });
  });
});

describe('the cursor', () => {
  beforeEach(() => record([]));
  test('moves with the evidence', async () => {
    await record([evidence('some query', 'x')]);
    expect(await store().getCursor()).toEqual({ batchId: 'b', sessionNumber: count });
  });
});
