import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;

beforeAll(async () => {
  world = await startGatewayWorld();
});
afterAll(() => world?.stop());

const search = (body: Record<string, unknown>, key = world.keys.search): Promise<Answer> =>
  world.call('POST', api('/embeddings/similarity-search'), { key, body: { limit: 10, ...body } });
const idsOf = (answer: Answer) => (answer.body.search_results as { object_id: string }[]).map((hit) => hit.object_id);

/** Run → info until it is done, as an application does. */
async function upsert(items: Record<string, unknown>[]): Promise<Answer> {
  const run = await world.call('POST', api('/embeddings/upsertion-tasks/run'), {
    key: world.keys.ingest,
    body: { items },
  });
  expect(run).toMatchObject({ status: 200, body: { failed_items: [] } });
  await world.waitForTask(String(run.body.task_id));
  return world.call('GET', api(`/embeddings/upsertion-tasks/info?task_id=${run.body.task_id}`), {
    key: world.keys.ingest,
  });
}

describe('before anything is live', () => {
  it('a search says so with 404', async () => {
    expect(await search({ search_query: 'boots' })).toMatchObject({
      status: 404,
      body: { code: 'LIVE_COLLECTION_MISSING' },
    });
  });
});

describe('once a collection is live', () => {
  beforeAll(async () => {
    await world.makeLive(
      Array.from({ length: 40 }, (_, i) => ({ id: `item-${i}`, title: `thing ${i}`, text: `made of stuff ${i * 7}` })),
    );
  });

  it('an item is found as soon as its upsertion is done, by words and by meaning', async () => {
    const info = await upsert([
      {
        object_id: 'boots',
        title: 'Crimson boots',
        text: 'For snow.',
        payload: { price: 80, seller: { city: 'Oslo' } },
      },
    ]);
    expect(info).toMatchObject({ body: { status: 'done', progress: { done: 1, total: 1 }, failed_items: [] } });
    for (const ranking of ['fused', 'vector', 'lexical'])
      expect(idsOf(await search({ search_query: 'crimson boots', ranking, limit: 5 }))).toContain('boots');
    const found = await search({ search_query: 'crimson boots', ranking: 'lexical', limit: 1 });
    expect(found.body.search_results).toMatchObject([
      { object_id: 'boots', payload: { title: 'Crimson boots', price: 80, seller: { city: 'Oslo' } } },
    ]);
  });

  it('an item that is replaced is found by its new words and not by its old ones', async () => {
    await upsert([{ object_id: 'changing', title: 'ultramarine kettle' }]);
    await upsert([{ object_id: 'changing', title: 'vermilion kettle' }]);
    expect(idsOf(await search({ search_query: 'vermilion', ranking: 'lexical' }))).toEqual(['changing']);
    expect(idsOf(await search({ search_query: 'ultramarine', ranking: 'lexical' }))).toEqual([]);
  });

  it('pages follow one another without a gap or a repeat', async () => {
    const pages: string[] = [];
    for (const offset of [0, 7, 14]) {
      const page = await search({ search_query: 'thing', limit: 7, offset });
      expect(page.body.next_page_offset).toBe(offset + 7);
      pages.push(...idsOf(page));
    }
    expect(new Set(pages).size).toBe(pages.length);
    expect(pages).toHaveLength(21);
    expect(idsOf(await search({ search_query: 'thing', limit: 21 }))).toEqual(pages);
  });

  it('no hit is farther than max_distance', async () => {
    const all = (await search({ search_query: 'thing', ranking: 'vector' })).body.search_results;
    const distances = (all as { distance: number }[]).map(({ distance }) => distance).sort((a, b) => a - b);
    const limit = distances[3] ?? 0;
    const near = (await search({ search_query: 'thing', ranking: 'vector', max_distance: limit })).body.search_results;
    expect((near as { distance: number }[]).every(({ distance }) => distance <= limit)).toBe(true);
    expect((near as unknown[]).length).toBeLessThan(distances.length);
  });

  it('a search can open the session that its clicks belong to', async () => {
    const found = await search({ search_query: 'thing', create_session: true, limit: 3 }, world.keys.admin);
    const path = api(`/clickstream/session?session_id=${found.body.session_id}`);
    const session = await world.call('GET', path, { key: world.keys.clickstream });
    const shown = session.body.search_results as { object_id: string }[];
    expect(shown.map(({ object_id }) => object_id)).toEqual(idsOf(found));
  });

  it('a key for searching alone cannot open sessions', async () => {
    const answer = await search({ search_query: 'thing', create_session: true });
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(answer.body.detail).toContain('session.write');
  });

  it('one poisoned item fails alone, and the task says which and where', async () => {
    const info = await upsert([
      { object_id: 'good', title: 'good amaranth' },
      { object_id: 'nul\u0000byte', title: 'poison' },
    ]).catch((error: unknown) => String(error));
    const found = idsOf(await search({ search_query: 'amaranth', ranking: 'lexical' }));
    expect({ info: typeof info, found }).toEqual({ info: 'object', found: ['good'] });
  });
});

describe('strings that look like code', () => {
  const nasty = [
    "'; DROP TABLE items; --",
    '" OR "1"="1',
    '$1); DELETE FROM items; --',
    '{"$where": "sleep(1000)"}',
    '%_\\',
    '../../etc/passwd',
    '<script>alert(1)</script>',
    '🦊 ﷽ ‮reversed‬',
    "a' & !b | (c:* <-> d)",
    '\\x00\\u0000',
  ];

  it.each(nasty)('%j is only a text to a search', async (text) => {
    const before = await world.studio.deps.items.countItems();
    const answer = await search({ search_query: text });
    expect(answer.status).toBe(200);
    expect(await world.studio.deps.items.countItems()).toBe(before);
  });

  it('are only ids to items, tasks and sessions', async () => {
    await upsert(nasty.map((text, i) => ({ object_id: text, title: `periwinkle ${i}`, payload: { [text]: text } })));
    const found = await search({ search_query: 'periwinkle', ranking: 'lexical', limit: 50 });
    expect(idsOf(found).sort()).toEqual([...nasty].sort());
    for (const id of nasty) {
      const body = { session_id: id, search_query: id, search_results: [{ object_id: id }], search_meta: { [id]: id } };
      const key = world.keys.clickstream;
      expect((await world.call('POST', api('/clickstream/session'), { key, body })).status).toBe(200);
      const path = api(`/clickstream/session?session_id=${encodeURIComponent(id)}`);
      expect((await world.call('GET', path, { key })).body).toMatchObject({ session_id: id, search_query: id });
      const task = api(`/embeddings/upsertion-tasks/info?task_id=${encodeURIComponent(id)}`);
      expect((await world.call('GET', task, { key: world.keys.ingest })).status).toBe(404);
    }
  });

  it('cannot be objects where an id belongs', async () => {
    const key = world.keys.clickstream;
    const body = { session_id: { $ne: null }, search_query: 'q', search_results: [] };
    const answer = await world.call('POST', api('/clickstream/session'), { key, body });
    expect(answer).toMatchObject({ status: 422, body: { field: 'session_id' } });
    const nested = await world.call('GET', api('/clickstream/session?session_id[$ne]=x'), { key });
    expect(nested.status).toBe(422);
  });
});

describe('while the model server is away', () => {
  it('a search answers by words and says so; afterwards it answers in full again', async () => {
    await upsert([{ object_id: 'heliotrope', title: 'heliotrope' }]);
    await world.stopModelServer();
    const away = await search({ search_query: 'heliotrope' });
    expect(away).toMatchObject({ status: 200, body: { degraded: ['lexical_only'] } });
    expect(idsOf(away)).toEqual(['heliotrope']);
    const vectorOnly = await search({ search_query: 'heliotrope', ranking: 'vector' });
    expect(vectorOnly).toMatchObject({ status: 503, body: { code: 'MODEL_SERVER_UNAVAILABLE' } });
    expect(vectorOnly.headers.get('retry-after')).toBe('1');
    await world.startModelServer();
    // A busy machine may take longer to load the model than one query waits for its vector.
    const findAgain = async () => {
      const back = await search({ search_query: 'heliotrope' });
      return { status: back.status, degraded: back.body.degraded, first: idsOf(back)[0] };
    };
    await expect.poll(findAgain, { timeout: 60_000 }).toEqual({ status: 200, degraded: [], first: 'heliotrope' });
  });
});
