import {
  type Collection,
  type CollectionStore,
  defaultRankingProfile,
  type ItemRecord,
} from '@embedding-studio/contracts';
import { createPool } from '@embedding-studio/db/postgres';
import { fuseCandidates } from '@embedding-studio/ml/ranking';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCandidates } from '../src/postgres/candidate-search.ts';
import type { Connection } from '../src/postgres/connection.ts';
import { createSearchPool } from '../src/postgres/open-pool.ts';
import type { Statement } from '../src/postgres/search-pool.ts';
import { scoreBm25f } from './bm25f-reference.ts';
import { hostileTexts, makeClusteredVectors, makeItem, makeRandom, toRow } from './item-fixtures.ts';

/** The English stemmer leaves these as they are. */
const vocabulary = 'zorb kint blap frox drum vant gleb mord plix quot rupt snab trog wump yurt the of and'.split(' ');
const dims = 32;
const random = makeRandom(7);

/** Low numbers are common words, as in a language. */
function drawWords(count: number): string[] {
  return Array.from({ length: count }, () => vocabulary[Math.floor(random() ** 2 * vocabulary.length)] ?? 'zorb');
}

const documents = Array.from({ length: 400 }, (_, i) => ({
  id: `doc${i}`,
  title: drawWords(1 + (i % 5)),
  body: drawWords(i % 40),
}));
const items: ItemRecord[] = documents.map((document) =>
  makeItem(document.id, { title: document.title.join(' '), body: document.body.join(' ') }),
);
const vectors = makeClusteredVectors({ count: items.length, dims, clusters: 20, seed: 3 });

let server: TestPostgres;
let store: CollectionStore;
let collection: Collection;

beforeAll(async () => {
  server = await startTestPostgres();
  store = server.stores.collections;
  // Written twice, in part and over other texts, so that what is searched has been through replacement and deletion.
  await server.stores.items.upsertItems(
    items.slice(0, 150).map((item) => makeItem(item.id, { title: 'zorb outdated' })),
  );
  await server.stores.items.upsertItems([...items.slice(0, 250), makeItem('gone', { body: 'zorb kint vanished' })]);
  await server.stores.items.upsertItems(items.slice(250));
  await server.stores.items.deleteItems(['gone']);
  collection = await store.createCollection({ modelId: 'mdl_1', dims, ranking: defaultRankingProfile });
  await store.putVectors(
    collection.id,
    items.slice(0, 390).map((item, i) => toRow(item, vectors[i] ?? new Float32Array(dims))),
  );
  await store.buildIndex(collection.id, { m: 16, efConstruction: 64 });
});

afterAll(() => server.stop());

function search(text: string, vector: Float32Array | null, depth = items.length) {
  const { lexical, efSearch } = defaultRankingProfile;
  return store.findCandidates({ collectionId: collection.id, text, vector, depth, lexical, efSearch });
}

describe('lexical scores', () => {
  const profiles = [
    defaultRankingProfile.lexical,
    { titleWeight: 1, bodyWeight: 0, k1: 1.2, titleB: 0.75, bodyB: 0.75 },
    { titleWeight: 5, bodyWeight: 2, k1: 0.5, titleB: 0, bodyB: 1 },
  ];
  const queries = [['zorb'], ['the', 'yurt'], ['drum', 'vant', 'drum', 'unknownword'], vocabulary];

  it.each(profiles)('equal BM25F computed from the texts, for every item that matches: %o', async (lexical) => {
    for (const query of queries) {
      const expected = scoreBm25f(documents, query, lexical);
      const found = await store.findCandidates({
        collectionId: collection.id,
        text: query.join(' '),
        vector: null,
        depth: items.length,
        lexical,
        efSearch: 100,
      });
      const matching = [...expected.scores].filter(([, score]) => score > 0).map(([id]) => id);
      expect(found.map((hit) => hit.itemId).sort()).toEqual(matching.sort());
      for (const hit of found) {
        expect(hit.lexical).toBeCloseTo(expected.scores.get(hit.itemId) ?? Number.NaN, 6);
        expect(hit.lexicalScale).toBeCloseTo(expected.scale, 6);
        expect(hit.cosine).toBeNull();
      }
    }
  });

  it('give the best items of the leg when fewer are asked for', async () => {
    const { scores } = scoreBm25f(documents, ['kint', 'gleb'], defaultRankingProfile.lexical);
    const best = [...scores.values()].sort((a, b) => b - a).slice(0, 10);
    const found = (await search('kint gleb', null, 10)).map((hit) => hit.lexical).sort((a, b) => b - a);
    expect(found).toHaveLength(10);
    found.forEach((score, i) => {
      expect(score).toBeCloseTo(best[i] ?? Number.NaN, 6);
    });
  });

  it('fold case, accents, plurals and punctuation, and keep words that others drop', async () => {
    const extra = [
      makeItem('x-it', { title: 'It' }),
      makeItem('x-amelie', { title: 'Amélie' }),
      makeItem('x-robot', { title: 'Mr.Robot' }),
      makeItem('x-spider', { title: 'Spider-Man' }),
      makeItem('x-ships', { title: 'Ships/Boats' }),
    ];
    await server.stores.items.upsertItems(extra);
    const expected = { it: 'x-it', AMELIE: 'x-amelie', robot: 'x-robot', 'spider man': 'x-spider', boat: 'x-ships' };
    for (const [query, id] of Object.entries(expected))
      expect((await search(query, null)).map((hit) => hit.itemId)).toEqual([id]);
    await server.stores.items.deleteItems(extra.map((item) => item.id));
    expect(await search('robot', null)).toEqual([]);
  });
});

describe('very common words', () => {
  it('are not read to find items while rarer ones are there, yet count in full in the scores', async () => {
    const target = await startTestPostgres();
    const crowd = Array.from({ length: 6_300 }, (_, i) => ({
      id: `c${i}`,
      title: i % 1_000 === 7 ? ['zorb', 'the'] : ['the'],
      body: i % 900 === 0 ? ['the', 'zorb', 'kint'] : ['the', 'kint'].slice(0, i % 2),
    }));
    const records = crowd.map((each) => makeItem(each.id, { title: each.title.join(' '), body: each.body.join(' ') }));
    for (let i = 0; i < records.length; i += 2_100) await target.stores.items.upsertItems(records.slice(i, i + 2_100));
    const { lexical, efSearch } = defaultRankingProfile;
    const { id } = await target.stores.collections.createCollection({
      modelId: 'm',
      dims,
      ranking: defaultRankingProfile,
    });
    const find = (text: string) =>
      target.stores.collections.findCandidates({ collectionId: id, text, vector: null, depth: 50, lexical, efSearch });
    const { scores, scale } = scoreBm25f(crowd, ['the', 'zorb'], lexical);
    const found = await find('the zorb');
    const expected = crowd.filter((each) => [...each.title, ...each.body].includes('zorb'));
    expect(found.map((hit) => hit.itemId).sort()).toEqual(expected.map((each) => each.id).sort());
    for (const hit of found) {
      expect(hit.lexical).toBeCloseTo(scores.get(hit.itemId) ?? Number.NaN, 6);
      expect(hit.lexicalScale).toBeCloseTo(scale, 6);
    }
    expect(await find('the')).toHaveLength(50);
    await target.stop();
  });
});

describe('candidates of both legs', () => {
  it('carry the exact score of each leg, also for items that only the other leg found', async () => {
    const query = vectors[17] ?? new Float32Array(dims);
    const found = await search('yurt', query, 20);
    const { scores } = scoreBm25f(documents, ['yurt'], defaultRankingProfile.lexical);
    expect(found.some((hit) => hit.lexical === 0)).toBe(true);
    for (const hit of found) {
      const index = Number(hit.itemId.slice(3));
      const cosine = vectors[index]?.reduce((sum, value, d) => sum + value * (query[d] ?? 0), 0) ?? Number.NaN;
      if (index < 390) expect(hit.cosine).toBeCloseTo(cosine, 5);
      else expect(hit.cosine).toBeNull();
      expect(hit.lexical).toBeCloseTo(scores.get(hit.itemId) ?? Number.NaN, 6);
    }
    const nearest = await store.findNearest({
      collectionId: collection.id,
      vector: query,
      limit: 20,
      efSearch: 100,
      exact: true,
    });
    const ids = new Set(found.map((hit) => hit.itemId));
    expect(nearest.filter((hit) => ids.has(hit.itemId)).length).toBeGreaterThanOrEqual(19);
  });

  it('come from the vector leg alone when no word is known, and from none for an empty index', async () => {
    expect(await search('unknownword', vectors[0] ?? null, 5)).toHaveLength(5);
    expect(await search('', null)).toEqual([]);
  });

  it('have no cosine where the vector of an item has no direction', async () => {
    await server.stores.items.upsertItems([makeItem('still', { title: 'motionless' })]);
    await store.putVectors(collection.id, [toRow(makeItem('still', { title: 'motionless' }), new Float32Array(dims))]);
    const found = await search('motionless', vectors[0] ?? null, 3);
    expect(found.find((hit) => hit.itemId === 'still')).toMatchObject({ cosine: null });
    expect(found.filter((hit) => hit.cosine === null)).toHaveLength(1);
    await server.stores.items.deleteItems(['still']);
  });

  it('stay the same whatever hostile text is searched; nothing is dropped, nobody waits', async () => {
    for (const text of [...hostileTexts, 'nul\0byte zorb', '\ud800 half']) {
      const found = await search(text, vectors[0] ?? null, 3);
      expect(found.length).toBeGreaterThanOrEqual(3);
    }
    expect(await server.stores.items.countItems()).toBe(items.length);
  });

  it('refuse a query vector of another length and a depth that is no count', async () => {
    await expect(search('zorb', new Float32Array(dims + 1))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(search('zorb', null, 0)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'depth' });
  });
});

describe('word statistics', () => {
  it('stay equal to what the items hold, through concurrent upserts and deletes', async () => {
    const target = await startTestPostgres();
    const writers = Array.from({ length: 6 }, (_, writer) =>
      (async () => {
        for (let round = 0; round < 4; round++) {
          const batch = Array.from({ length: 12 }, (_, i) =>
            makeItem(`i${(i * 7 + writer) % 30}`, { title: drawWords(3).join(' '), body: drawWords(9).join(' ') }),
          );
          await target.stores.items.upsertItems(batch);
          await target.stores.items.deleteItems([`i${writer}`, `i${round * 7}`]);
        }
      })(),
    );
    await Promise.all(writers);
    const pool = createPool({ url: target.url, poolMax: 1, statementTimeoutMs: 10_000 });
    const drift = await pool.query(`
      SELECT 'df' AS what FROM lexemes l FULL JOIN (SELECT lexeme, count(*) AS df FROM postings GROUP BY 1) p USING (lexeme)
       WHERE l.df IS DISTINCT FROM p.df
      UNION ALL SELECT 'items' FROM lexical_statistics s WHERE s.items <> (SELECT count(*) FROM items)
      UNION ALL SELECT 'words' FROM lexical_statistics s
       WHERE s.title_words <> (SELECT coalesce(sum(title_tf), 0) FROM postings)
          OR s.body_words <> (SELECT coalesce(sum(body_tf), 0) FROM postings)
      UNION ALL SELECT 'orphans' FROM postings p LEFT JOIN items i USING (item_no) WHERE i.id IS NULL`);
    expect(drift.rows).toEqual([]);
    await pool.end();
    await target.stop();
  });
});

describe('a search of the live collection', () => {
  it.each([
    { cosineNorm: 'minmax', lexicalNorm: 'max', vectorWeight: 0.4 },
    { cosineNorm: 'none', lexicalNorm: 'scale', vectorWeight: 0.7 },
    { cosineNorm: 'none', lexicalNorm: 'max', vectorWeight: 0 },
  ] as const)('reads ahead the very items that the fusion puts on the page: %o', async (weights) => {
    if ((await store.findLive()) === null) await store.switchLive({ expected: null, next: collection.id });
    const live = await store.findLiveCollection();
    if (live === null) throw new TypeError('nothing is live');
    const profile = { ...defaultRankingProfile, ...weights };
    for (const page of [
      { offset: 0, limit: 10 },
      { offset: 20, limit: 15 },
    ]) {
      const vector = vectors[3] ?? null;
      const query = { live, text: 'zorb wump kint', vector, depth: 100, efSearch: 200, profile, page };
      const answer = await store.searchLive(query);
      const ranked = fuseCandidates(answer?.candidates ?? [], profile).slice(page.offset, page.offset + page.limit);
      expect(answer?.hits.map(({ id }) => id).sort()).toEqual(ranked.map(({ itemId }) => itemId).sort());
    }
  });
});

describe('approximate search', () => {
  it('goes through the indexes with the one plan that serves all queries', async () => {
    const settings = { url: server.url, poolMax: 1, statementTimeoutMs: 10_000 };
    const pool = createSearchPool(settings);
    let taken: Statement | undefined;
    const notebook = {
      search: async (statement: Statement) => {
        taken = statement;
        return [];
      },
    } as unknown as Connection;
    const { lexical, efSearch } = defaultRankingProfile;
    const query = {
      collectionId: collection.id,
      text: 'zorb',
      vector: vectors[0] ?? null,
      depth: 20,
      lexical,
      efSearch,
    };
    await findCandidates(notebook, { query, shape: { dims, partsMax: 1 } });
    await pool.query('ANALYZE');
    await pool.query(`PREPARE plan AS ${taken?.text}`);
    const plan = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN EXECUTE plan ('zorb', 1, 1, 1, 1, 1, 20, '[${'1,'.repeat(dims - 1)}1]', 20)`,
    );
    const lines = plan.rows.map((row) => row['QUERY PLAN']);
    expect(lines.some((line) => line.includes(`Scan using vectors_${collection.id}_hnsw`))).toBe(true);
    expect(
      lines.filter((line) => /Index.* Scan (using|on) postings_pkey/.test(line)),
      lines.join('\n'),
    ).toHaveLength(2);
    expect(lines.filter((line) => /Seq Scan on (?!lexical_statistics)/.test(line))).toEqual([]);
    expect(lines.some((line) => line.includes("'zorb'"))).toBe(false);
    await pool.end();
  });

  it('finds at least 95 % of the exact ten nearest at the default beam width', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => makeItem(`v${i}`));
    const points = makeClusteredVectors({ count: 3050, dims: 64, clusters: 60, seed: 11 });
    const target = await startTestPostgres();
    for (let i = 0; i < many.length; i += 1000) await target.stores.items.upsertItems(many.slice(i, i + 1000));
    const { id } = await target.stores.collections.createCollection({
      modelId: 'm',
      dims: 64,
      ranking: defaultRankingProfile,
    });
    const rows = many.map((item, i) => toRow(item, points[i] ?? new Float32Array(64)));
    for (let i = 0; i < rows.length; i += 1000) await target.stores.collections.putVectors(id, rows.slice(i, i + 1000));
    await target.stores.collections.buildIndex(id, { m: 16, efConstruction: 64 });
    let hits = 0;
    for (const vector of points.slice(3000)) {
      const query = { collectionId: id, vector, limit: 10, efSearch: defaultRankingProfile.efSearch };
      const exact = new Set(
        (await target.stores.collections.findNearest({ ...query, exact: true })).map((hit) => hit.itemId),
      );
      const approximate = await target.stores.collections.findNearest(query);
      hits += approximate.filter((hit) => exact.has(hit.itemId)).length;
    }
    expect(hits / 500).toBeGreaterThanOrEqual(0.95);
    await target.stop();
  });
});
