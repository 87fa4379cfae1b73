import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchPlugins } from '@embedding-studio/contracts';
import {
  type Ctx,
  getSearchPlugins,
  listAudit,
  listPlugins,
  processQuery,
  rankHits,
  searchItems,
  updateSearchPlugins,
} from '@embedding-studio/core';
import { builtInPlugins } from '@embedding-studio/plugins/built-ins';
import { openPluginRegistry } from '@embedding-studio/plugins/registry';
import { recordLog } from '@embedding-studio/testing';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, requestTuning, world } from './rollout-world.ts';

/** As somebody writes them who has never seen this repository. */
const query = (id: string, body: string) => `export default ({ z }) => ({
  apiVersion: 1, kind: 'query-processor', id: '${id}', version: '1.0.0', title: 'A test', description: 'Made for a test.',
  config: z.strictObject({ word: z.string().default('oak'), key: z.string().default('').meta({ secret: true }) }),
  needs: ['text'],
  ${body}
});`;
const ranker = (id: string, body: string) => `export default ({ z }) => ({
  apiVersion: 1, kind: 'ranker', id: '${id}', version: '1.0.0', title: 'A test', description: 'Made for a test.',
  config: z.strictObject({}), needs: [],
  ${body}
});`;
const outside: Record<string, string> = {
  'adds-word.mjs': query(
    'test.adds-word',
    "process: ({ text }, { word, key }) => ({ text: text + ' ' + word, expansions: [{ text: 'wood', weight: 0.5 }], reasons: [('added ' + (key && 'with ' + key)).trim()] }),",
  ),
  'knows-slang.mjs': query(
    'test.knows-slang',
    "process: ({ text }) => ({ text, expansions: text === 'zstoob' ? [{ text: 'boots', weight: 0.5 }] : [], reasons: ['slang'] }),",
  ),
  'throws.mjs': query('test.throws', "process() { throw new TypeError('no such thing'); },"),
  'never-answers.mjs': query('test.never-answers', 'process: () => new Promise(() => {}),'),
  'blocks.mjs': query(
    'test.blocks',
    "process: ({ text }) => { const end = Date.now() + 300; while (Date.now() < end); return { text: 'late', reasons: [] }; },",
  ),
  'empties.mjs': query('test.empties', "process: () => ({ text: ' ', reasons: [] }),"),
  'worst-first.mjs': ranker(
    'test.worst-first',
    'rank: ({ hits }) => [...hits].reverse().map(({ itemId }, at) => ({ itemId, score: -at, explain: { was: hits.length - at } })),',
  ),
  'invents.mjs': ranker('test.invents', "rank: () => [{ itemId: 'from nowhere', score: 1, explain: {} }],"),
  'rises.mjs': ranker(
    'test.rises',
    'rank: ({ hits }) => hits.map(({ itemId }, at) => ({ itemId, score: at, explain: {} })),',
  ),
  'broken.mjs': 'export default {{{',
};

let studio: TestStudio;
let ctx: Ctx;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outside-'));
  for (const [name, content] of Object.entries(outside)) await writeFile(join(folder, name), content);
  const clock = { now: () => new Date() };
  const plugins = await openPluginRegistry({ builtIns: builtInPlugins, folder, clock, log: recordLog().log });
  studio = await openShop({ plugins, settings: { secretsKey: 'a key of thirty-two characters ok' } });
  ctx = studio.ctx;
});
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true, force: true });
});

const step = (id: string, config: Record<string, unknown> = {}) => ({ id, config, deadlineMs: 200 });
const chain = (change: Partial<SearchPlugins>): SearchPlugins => ({ queryProcessors: [], rankers: [], ...change });
const hit = (itemId: string, score: number) => ({ itemId, score, cosine: score, lexical: 0 });

describe('processQuery', () => {
  const run = (...ids: string[]) =>
    processQuery(ctx, { text: 'red boots', plugins: chain({ queryProcessors: ids.map((id) => step(id)) }) });

  test('without plugins the query stays as it is', async () => {
    expect(await run()).toEqual({ text: 'red boots', expansions: [], applied: [], skipped: [] });
  });

  test('a plugin from outside changes the query, with its config, and says so', async () => {
    const plugins = chain({ queryProcessors: [step('test.adds-word', { word: 'steel' })] });
    expect(await processQuery(ctx, { text: 'red boots', plugins })).toEqual({
      text: 'red boots steel',
      expansions: [{ text: 'wood', weight: 0.5 }],
      applied: [{ pluginId: 'test.adds-word', reasons: ['added'] }],
      skipped: [],
    });
  });

  test.each([
    ['test.throws', 'no such thing'],
    ['test.never-answers', 'no answer within 200 ms'],
    ['test.blocks', 'no answer within 200 ms'],
    ['test.empties', 'it left nothing of the query'],
    ['test.absent', 'not available'],
    ['recency', 'not available'],
  ])('%s is skipped with its reason, and those beside it still work', async (id, reason) => {
    const processed = await run(id, 'test.adds-word');
    expect(processed.skipped).toEqual([{ pluginId: id, reason }]);
    expect(processed.text).toBe('red boots oak');
    if (reason !== 'not available')
      expect(studio.log).toContainEqual(
        expect.objectContaining({
          message: 'plugin skipped',
          fields: expect.objectContaining({ pluginId: id, reason }),
        }),
      );
  });

  test('a caller that gives up is told so, and the plugin is not blamed', async () => {
    const stop = new AbortController();
    const waiting = processQuery(
      { ...ctx, signal: stop.signal },
      { text: 'red', plugins: chain({ queryProcessors: [{ ...step('test.never-answers'), deadlineMs: 2_000 }] }) },
    );
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('spelling is corrected from the words of the items themselves', async () => {
    const plugins = chain({ queryProcessors: [{ ...step('spelling'), deadlineMs: 2_000 }] });
    await studio.deps.queryKnowledge.refresh();
    const { text, applied } = await processQuery(ctx, { text: 'red bicicles', plugins });
    expect(text).toBe('red bicycles');
    expect(applied).toMatchObject([{ pluginId: 'spelling', reasons: [expect.stringContaining('bicicles')] }]);
  });
});

describe('rankHits', () => {
  const hits = Array.from({ length: 130 }, (_, at) => hit(`item ${at}`, 1 - at / 200));
  const run = (...ids: string[]) =>
    rankHits(ctx, {
      query: 'boots',
      collectionId: 'unused',
      hits,
      plugins: chain({ rankers: ids.map((id) => step(id)) }),
    });

  test('without plugins the order and the scores stay', async () => {
    const { hits: ranked } = await run();
    expect(ranked.map(({ plugins: _, ...rest }) => rest)).toEqual(hits);
  });

  test('a ranker orders the first hundred, the others follow below them', async () => {
    const { hits: ranked, applied } = await run('test.worst-first');
    expect(ranked.map((each) => each.itemId)).toEqual([
      ...hits
        .slice(0, 100)
        .map((each) => each.itemId)
        .reverse(),
      ...hits.slice(100).map((each) => each.itemId),
    ]);
    expect(ranked[0]).toMatchObject({ cosine: 1 - 99 / 200, plugins: { 'test.worst-first': { was: 100 } } });
    expect(ranked.every(({ score }, at) => at === 0 || score <= (ranked[at - 1]?.score ?? score))).toBe(true);
    expect(applied).toEqual([{ pluginId: 'test.worst-first', reasons: [] }]);
  });

  test.each(['test.invents', 'test.rises'])('%s breaks its promise and changes nothing', async (id) => {
    const { hits: ranked, skipped } = await run(id, 'test.worst-first');
    expect(skipped.map(({ pluginId }) => pluginId)).toEqual([id]);
    expect(ranked[0]?.itemId).toBe('item 99');
  });

  test('payload and vectors reach the rankers that need them', async () => {
    const live = await studio.deps.collections.findLiveCollection();
    const plugins = chain({ rankers: [step('diversity', { relevance: 0.3 }), step('recency', { weight: 1 })] });
    const found = [hit('boots-0', 0.9), hit('boots-0-gone', 0.8), hit('lamps-0', 0.7)];
    const { hits: ranked, skipped } = await rankHits(ctx, {
      ...{ query: 'boots', collectionId: live?.collection.id ?? '', hits: found, plugins },
    });
    expect(skipped).toEqual([]);
    const boots = ranked.find((each) => each.itemId === 'boots-0');
    expect(boots?.plugins.recency?.boost).toBeGreaterThan(0.99);
    expect(ranked.find((each) => each.itemId === 'boots-0-gone')?.plugins.recency?.boost).toBe(0);
  });
});

describe('a search', () => {
  const search = (text: string, more: Partial<Parameters<typeof searchItems>[0]['input']> = {}) =>
    searchItems({ ctx, input: { query: text, explain: true, ...more } });
  const set = (change: Partial<SearchPlugins>) => updateSearchPlugins({ ctx, input: change });
  afterAll(() => set({}));

  test('corrects spelling from the first index on, and answers as without it where every word is known', async () => {
    await studio.deps.queryKnowledge.refresh();
    const live = await studio.deps.collections.findLiveCollection();
    expect(live?.collection.searchPlugins).toEqual({
      ...{ queryProcessors: [{ id: 'spelling', config: {}, deadlineMs: 50 }], rankers: [] },
    });
    const queries = [...new Set(world.items.map(({ title }) => title ?? ''))];
    const answers = async () => Promise.all(queries.map(async (query) => (await search(query)).hits));
    const corrected = await answers();
    const found = (await search('bicicles', { legs: 'lexical' })).hits;
    await set({});
    expect(corrected).toEqual(await answers());
    expect([found.length > 0, (await search('bicicles', { legs: 'lexical' })).hits.length]).toEqual([true, 0]);
  });

  test('without plugins says that none took part', async () => {
    await set({});
    const { explain, hits } = await search('red boots');
    expect(explain).toMatchObject({
      query: { text: 'red boots', expansions: [] },
      plugins: { applied: [], skipped: [] },
    });
    expect(hits[0]?.explain).not.toHaveProperty('plugins');
  });

  test('is for what the query processors made of the query, at once after they were set', async () => {
    await set({});
    expect((await search('bicicles', { legs: 'lexical' })).hits).toEqual([]);
    await set({ queryProcessors: [{ ...step('spelling'), deadlineMs: 2_000 }] });
    await studio.deps.queryKnowledge.refresh();
    const { hits, explain } = await search('bicicles', { legs: 'lexical' });
    expect(hits[0]?.itemId).toMatch(/^bicycles-/);
    expect(explain).toMatchObject({ query: { text: 'bicycles' }, plugins: { applied: [{ pluginId: 'spelling' }] } });
  });

  test('finds by the words and by the meaning of expansions', async () => {
    const countBoots = async (legs: 'fused' | 'vector' | 'lexical') => {
      const { hits } = await search('zstoob', { legs, limit: 8 });
      return hits.filter(({ itemId }) => itemId.startsWith('boots')).length;
    };
    const alone = await countBoots('vector');
    expect(await countBoots('lexical')).toBe(0);
    await set({ queryProcessors: [step('test.knows-slang')] });
    expect([await countBoots('lexical'), await countBoots('fused')]).toEqual([8, 8]);
    expect(await countBoots('vector')).toBeGreaterThan(alone);
  });

  test('is in the order of the rankers, of which pages are slices', async () => {
    const plain = (await search('red boots', { limit: 80 })).hits.map(({ itemId }) => itemId);
    await set({ rankers: [step('test.worst-first')] });
    const whole = await search('red boots', { limit: 80 });
    expect(whole.hits.map(({ itemId }) => itemId)).toEqual([...plain].reverse());
    expect(whole.hits[0]?.explain?.plugins).toEqual({ 'test.worst-first': { was: 80 } });
    const second = await search('red boots', { limit: 10, offset: 10 });
    expect(second.hits).toEqual(whole.hits.slice(10, 20));
    const { nextCursor } = await search('red boots', { limit: 10 });
    expect((await search('red boots', { limit: 10, cursor: nextCursor })).hits).toEqual(second.hits);
  });

  test('goes on without plugins that fail, and tells which', async () => {
    const rankers = [step('test.invents'), step('test.worst-first')];
    await set({ queryProcessors: [step('test.throws'), step('test.adds-word')], rankers });
    const { explain, hits } = await search('red boots');
    expect(hits).toHaveLength(10);
    expect(explain?.query.text).toBe('red boots oak');
    expect(explain?.plugins.skipped.map(({ pluginId }) => pluginId)).toEqual(['test.throws', 'test.invents']);
    expect(explain?.plugins.applied.map(({ pluginId }) => pluginId)).toEqual(['test.adds-word', 'test.worst-first']);
  });
});

describe('which plugins run', () => {
  test('is said by name and config, kept for every collection that may serve, and audited', async () => {
    const rankers = [{ id: 'popularity', config: { field: 'sales' } }];
    const updated = await updateSearchPlugins({ ctx, input: { rankers } });
    expect(updated.rankers).toEqual([{ id: 'popularity', config: { field: 'sales' }, deadlineMs: 50 }]);
    for (const collection of await studio.deps.collections.listWriteTargets())
      expect(collection.searchPlugins.rankers).toEqual(updated.rankers);
    expect(await getSearchPlugins({ ctx, input: {} })).toEqual(updated);
    const [row] = await listAudit({ ctx, input: { limit: 1 } });
    expect(row).toMatchObject({ action: 'collection.updateSearchPlugins', subject: updated.collectionId });
  });

  test.each([
    [{ rankers: [{ id: 'test.absent' }] }, 'rankers.0.id', 'no plugin test.absent'],
    [{ rankers: [{ id: 'spelling' }] }, 'rankers.0.id', 'spelling is a query-processor, not a ranker'],
    [{ rankers: [{ id: 'recency' }, { id: 'recency' }] }, 'rankers.1.id', 'recency is in the chain already'],
    [{ rankers: [{ id: 'recency', config: { halfLifeDays: -1 } }] }, 'rankers.0.config.halfLifeDays', 'Too small'],
    [{ queryProcessors: [{ id: 'spelling', config: { typo: 1 } }] }, 'queryProcessors.0.config.typo', 'Unrecognized'],
    [{ rankers: [{ id: 'recency', deadlineMs: 0 }] }, 'rankers.0.deadlineMs', 'Too small'],
  ])('a chain that could not run is refused by the field: %j', async (input, field, message) => {
    const refused = updateSearchPlugins({ ctx, input });
    await expect(refused).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      field,
      message: expect.stringContaining(message),
    });
  });

  test('secrets of a config are stored, never shown, and kept when they come back hidden', async () => {
    const queryProcessors = [{ id: 'test.adds-word', config: { word: 'oak', key: 's3cret' } }];
    const shown = await updateSearchPlugins({ ctx, input: { queryProcessors } });
    const stored = async () => {
      return (await studio.deps.collections.findLiveCollection())?.collection.searchPlugins.queryProcessors[0]?.config;
    };
    expect(JSON.stringify([shown, await listAudit({ ctx, input: { limit: 5 } })])).not.toContain('s3cret');
    await updateSearchPlugins({ ctx, input: { queryProcessors: shown.queryProcessors } });
    expect(await stored()).toEqual({ word: 'oak', key: { $sealed: expect.stringMatching(/^v1:/) } });
    expect(JSON.stringify(await stored())).not.toContain('s3cret');
    const live = await studio.deps.collections.findLiveCollection();
    const processed = await processQuery(ctx, { text: 'red', plugins: live?.collection.searchPlugins ?? chain({}) });
    expect(processed.applied[0]?.reasons).toEqual(['added with s3cret']);
    await updateSearchPlugins({ ctx, input: {} });
    expect(await getSearchPlugins({ ctx, input: {} })).toMatchObject({ queryProcessors: [], rankers: [] });
  });

  test('may be read by all who search and set by engineers only', async () => {
    const as = (scope: 'search' | 'clickstream'): Ctx => ({
      ...ctx,
      actor: { kind: 'apiKey', keyId: 'key', scopes: [scope] },
    });
    expect((await listPlugins({ ctx: as('search'), input: { kind: 'ranker' } })).map(({ id }) => id)).toEqual([
      ...['diversity', 'popularity', 'recency', 'test.invents', 'test.rises', 'test.worst-first'],
    ]);
    await expect(updateSearchPlugins({ ctx: as('search'), input: {} })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(listPlugins({ ctx: as('clickstream'), input: {} })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('the list tells what is broken and why', async () => {
    const failed = (await listPlugins({ ctx, input: {} })).filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([
      { source: { name: 'broken.mjs' }, error: expect.stringContaining('Cannot be loaded') },
    ]);
  });

  test('a model that takes over takes over the plugins', async () => {
    const before = await studio.deps.collections.findLive();
    const { rankers } = await updateSearchPlugins({ ctx, input: { rankers: [step('diversity')] } });
    await requestTuning(studio);
    await drainTasks(studio.deps);
    const live = await studio.deps.collections.findLiveCollection();
    expect(live?.collection.id).not.toBe(before?.collectionId);
    expect(live?.collection.searchPlugins.rankers).toEqual(rankers);
  });
});
