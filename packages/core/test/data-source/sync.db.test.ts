import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError, type SyncMode } from '@embedding-studio/contracts';
import {
  type CoreDeps,
  type CreateDataSourceInput,
  cancelTask,
  createDataSource,
  deleteDataSource,
  getDataSource,
  listDataSources,
  previewDataSource,
  requestSync,
  requestUpsertion,
  restartTask,
  retryFailed,
  testDataSource,
  updateDataSource,
} from '@embedding-studio/core';
import { CrashError, drainTasks, withCrashPoints } from '@embedding-studio/testing/studio';
import { describe, expect, test } from 'vitest';
import { syncSource, useSourceWorld } from './source-world.ts';

const world = useSourceWorld({ sourceSecrets: { 'shop-token': 'hunter2-from-settings' } });

const lines = (from: number, to: number, more: Record<string, unknown> = {}) =>
  Array.from(
    { length: to - from },
    (_, n) => `${JSON.stringify({ n: from + n, name: `film ${from + n}`, ...more })}\n`,
  ).join('');
const write = (name: string, text: string) => writeFile(join(world.path, name), text);

async function makeSource(more: Partial<CreateDataSourceInput> = {}): Promise<string> {
  const mapping = { id: 'key', title: 'name', text: ['plot.en'] };
  const input = {
    name: 'films',
    loader: 'folder',
    config: { path: world.path },
    mapping: { ...mapping, id: null },
    ...more,
  };
  return (await createDataSource({ ctx: world.studio.ctx, input })).id;
}

const sync = (sourceId: string, mode: SyncMode = 'incremental', deps = world.deps) =>
  syncSource(world, sourceId, { mode, deps });

const cursorOf = async (sourceId: string) => (await world.deps.dataSources.getDataSource(sourceId)).cursor;
const liveId = async () => (await world.deps.collections.findLive())?.collectionId ?? '';
const countEmbedded = async (ids: string[]) => (await world.deps.collections.getVectors(await liveId(), ids)).length;
const idsOf = (file: string, count: number) => Array.from({ length: count }, (_, n) => `${file}#${n + 1}`);

function countTexts(given: CoreDeps = world.deps): { deps: CoreDeps; texts: string[] } {
  const texts: string[] = [];
  const embed: CoreDeps['encoder']['embed'] = (request) => {
    texts.push(...request.texts);
    return given.encoder.embed(request);
  };
  return { deps: { ...given, encoder: { embed } }, texts };
}

describe('a sync', () => {
  test('writes what the mapping makes of every record, with vectors, and keeps the cursor', async () => {
    await write('a.jsonl', lines(0, 300, { plot: { en: 'a boot in winter' }, year: 1972 }));
    const id = await makeSource();
    expect(await sync(id)).toMatchObject({
      status: 'done',
      result: { rows: 300, changed: 300, unchanged: 0, deleted: 0, failed: 0 },
    });
    const [item] = await world.deps.items.findItems(['a.jsonl#7']);
    expect(item).toMatchObject({ title: 'film 6', payload: { n: 6, year: 1972 } });
    expect(item?.parts[0]).toContain('a boot in winter');
    expect(await countEmbedded(idsOf('a.jsonl', 300))).toBe(300);
    expect((await getDataSource({ ctx: world.studio.ctx, input: { sourceId: id } })).cursor).toBe(await cursorOf(id));
  });

  test('goes on from there; a full one reads all and embeds nothing twice', async () => {
    await write('b.jsonl', lines(0, 20));
    const id = await makeSource();
    await sync(id);
    expect((await sync(id)).result).toMatchObject({ rows: 0 });
    await write('b2.jsonl', lines(50, 53));
    const next = countTexts();
    expect((await sync(id, 'incremental', next.deps)).result).toMatchObject({ rows: 3 });
    expect(next.texts).toHaveLength(3);
    const full = countTexts();
    expect((await sync(id, 'full', full.deps)).result).toMatchObject({ rows: 23, changed: 0, unchanged: 23 });
    expect(full.texts).toEqual([]);
    await write('b2.jsonl', lines(50, 53, { plot: { en: 'new' } }));
    expect((await sync(id, 'full')).result).toMatchObject({ rows: 23, changed: 3, unchanged: 20 });
  });

  test('asked for twice at once is one task, and a second one after it another', async () => {
    await write('c.jsonl', lines(0, 2));
    const id = await makeSource();
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => requestSync({ ctx: world.studio.ctx, input: { sourceId: id } })),
    );
    expect(new Set(asked.map((task) => task.id)).size).toBe(1);
    await drainTasks(world.deps);
    expect((await requestSync({ ctx: world.studio.ctx, input: { sourceId: id } })).id).not.toBe(asked[0]?.id);
    await drainTasks(world.deps);
  });

  test('lists records that fail with their stage, and a retry reads only those', async () => {
    await write('d.jsonl', `${lines(0, 2)}not json\n${JSON.stringify({ name: 'poison' })}\n${lines(4, 6)}`);
    const id = await makeSource();
    const embed: CoreDeps['encoder']['embed'] = async (request) => {
      if (request.texts.some((text) => text.includes('poison'))) throw new StudioError('MODEL_INVALID', 'NaN');
      return world.deps.encoder.embed(request);
    };
    const first = await sync(id, 'incremental', { ...world.deps, encoder: { embed } });
    expect(first).toMatchObject({ status: 'done', result: { rows: 6, failed: 2 } });
    expect(first.failures).toEqual([
      { itemId: 'd.jsonl#3', stage: 'load', detail: 'line 3 is not JSON' },
      { itemId: 'd.jsonl#4', stage: 'embed', detail: 'NaN' },
    ]);
    const cursor = await cursorOf(id);
    const again = countTexts();
    const { id: retryId } = await retryFailed({ ctx: world.studio.ctx, input: { taskId: first.id } });
    await drainTasks(again.deps);
    expect(await world.deps.tasks.getTask(retryId)).toMatchObject({ status: 'done', failures: [] });
    expect(again.texts).toHaveLength(1);
    expect(await countEmbedded(['d.jsonl#4'])).toBe(1);
    expect(await cursorOf(id)).toBe(cursor);
  });

  test('canceled it stops between batches, the cursor behind what is written; restarted it goes on', async () => {
    await write('e.jsonl', lines(0, 500));
    const id = await makeSource();
    const { id: taskId } = await requestSync({ ctx: world.studio.ctx, input: { sourceId: id } });
    const putVectors: CoreDeps['collections']['putVectors'] = async (...args) => {
      await world.deps.collections.putVectors(...args);
      await cancelTask({ ctx: world.studio.ctx, input: { taskId } });
    };
    await drainTasks({ ...world.deps, collections: { ...world.deps.collections, putVectors } });
    expect((await world.deps.tasks.getTask(taskId)).status).toBe('canceled');
    const written = (await world.deps.items.findItems(idsOf('e.jsonl', 500))).length;
    expect(written).toBe(128);
    expect(await countEmbedded(idsOf('e.jsonl', 500))).toBe(written);
    await restartTask({ ctx: world.studio.ctx, input: { taskId } });
    const rest = countTexts();
    await drainTasks(rest.deps);
    expect(await world.deps.tasks.getTask(taskId)).toMatchObject({ status: 'done', result: { rows: 500 } });
    expect(rest.texts).toHaveLength(500 - written);
  });

  test('killed after any effect it ends like one that was not, and embeds at most two batches again', async () => {
    const whole = withCrashPoints(world.deps, { shouldDie: () => false });
    await write('f.jsonl', lines(0, 300));
    await sync(await makeSource(), 'incremental', whole.deps);
    const points = whole.passed.filter((point) => point.startsWith('data_source_sync.'));
    expect(points.length).toBeGreaterThan(4);
    for (const [at, point] of points.entries()) {
      const file = `f${at}.jsonl`;
      world.path = join(world.folder, `crash-${at}`);
      await mkdir(world.path);
      await write(file, lines(0, 300));
      const id = await makeSource();
      const counted = countTexts();
      const crash = withCrashPoints(counted.deps, { shouldDie: (passed) => passed === point });
      const task = await requestSync({ ctx: world.studio.ctx, input: { sourceId: id } });
      await drainTasks(crash.deps).catch((error) => {
        if (!(error instanceof CrashError)) throw error;
      });
      expect(crash.isDead(), point).toBe(true);
      world.studio.passSeconds(120);
      await drainTasks(counted.deps);
      expect(await world.deps.tasks.getTask(task.id), point).toMatchObject({ status: 'done' });
      expect(await countEmbedded(idsOf(file, 300)), point).toBe(300);
      expect(counted.texts.length, point).toBeLessThanOrEqual(300 + 2 * 128);
      expect((await sync(id)).result, point).toMatchObject({ rows: 0 });
    }
  });

  test('of a source that is away is tried again, and goes on', async () => {
    const id = await makeSource({ loader: 'http', config: { url: 'http://127.0.0.1:9/items.jsonl' } });
    const { id: taskId } = await requestSync({ ctx: world.studio.ctx, input: { sourceId: id } });
    await drainTasks(world.deps, { until: ({ attempt }) => attempt > 1 });
    expect(await world.deps.tasks.getTask(taskId)).toMatchObject({
      status: 'pending',
      error: { code: 'SOURCE_UNREACHABLE' },
    });
    await deleteDataSource({ ctx: world.studio.ctx, input: { sourceId: id } });
    expect(await world.deps.tasks.getTask(taskId)).toMatchObject({ status: 'canceled' });
  });
});

describe('a data source', () => {
  const secret = 'hunter2-is-secret';
  const http = { loader: 'http', config: { url: 'http://127.0.0.1:9/x.jsonl', token: secret } };

  test('never shows its secrets again, wherever it is shown', async () => {
    const { ctx } = world.studio;
    const id = await makeSource(http);
    const shown = [
      await getDataSource({ ctx, input: { sourceId: id } }),
      await listDataSources({ ctx, input: {} }),
      await updateDataSource({ ctx, input: { sourceId: id, name: 'new', config: { url: http.config.url } } }),
      await world.deps.dataSources.getDataSource(id),
      await world.deps.audit.listAudit({ beforeId: null, limit: 50 }),
      await testDataSource({ ctx, input: { sourceId: id } }),
    ];
    expect(JSON.stringify(shown)).not.toContain(secret);
    expect(shown[0]).toMatchObject({ secrets: [{ field: 'token', kept: 'encrypted', setting: null }] });
    expect(shown[2]).toMatchObject({ name: 'new', secrets: [{ field: 'token' }] });
    const referring = { ...http, config: { ...http.config, token: { setting: 'shop-token' } } };
    const other = await getDataSource({ ctx, input: { sourceId: await makeSource(referring) } });
    expect(other.secrets).toEqual([{ field: 'token', kept: 'setting', setting: 'shop-token' }]);
    expect(JSON.stringify(other)).not.toContain('hunter2');
  });

  test('faulty input names its field', async () => {
    const faults: [string, Partial<CreateDataSourceInput>][] = [
      ['name', { name: ' ' }],
      ['loader', { loader: 'carrier-pigeon' }],
      ['config.path', { config: {} }],
      ['config.paht', { config: { path: world.path, paht: 1 } }],
      ['mapping.titel', { mapping: { titel: 'x' } as object }],
      ['processing.splitter.id', { processing: { splitter: { id: 'axe' } } }],
    ];
    for (const [field, more] of faults) await expect(makeSource(more), field).rejects.toMatchObject({ field });
    const { ctx } = world.studio;
    await expect(testDataSource({ ctx, input: {} })).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'loader' });
    for (const call of [getDataSource, requestSync, testDataSource, deleteDataSource])
      await expect(call({ ctx, input: { sourceId: 'src_none' } })).rejects.toMatchObject({
        code: 'DATA_SOURCE_NOT_FOUND',
      });
  });

  test('is previewed with at most 20 rows as items, saved or not, and tested by steps', async () => {
    await write('g.jsonl', lines(0, 30, { plot: { en: 'x' } }));
    const { ctx } = world.studio;
    const unsaved = { loader: 'folder', config: { path: world.path }, mapping: { id: 'n', title: 'name' } };
    const preview = await previewDataSource({ ctx, input: unsaved });
    expect(preview.rows).toHaveLength(20);
    expect(preview.columns.map(({ name, type }) => [name, type])).toEqual([
      ['n', 'number'],
      ['name', 'text'],
      ['plot', 'object'],
    ]);
    expect(preview.items[1]).toMatchObject({ item: { id: '1', title: 'film 1', payload: { plot: { en: 'x' } } } });
    const id = await makeSource();
    const changed = await previewDataSource({ ctx, input: { sourceId: id, mapping: { id: 'missing' } } });
    expect(changed.items[0]).toMatchObject({ item: null, error: expect.stringContaining('missing') });
    expect(await testDataSource({ ctx, input: { sourceId: id } })).toMatchObject({ ok: true });
    const failing = await testDataSource({ ctx, input: { sourceId: id, config: { path: '/etc' } } });
    expect(failing).toMatchObject({ ok: false, steps: [{ name: 'resolve', ok: false }] });
    expect(await world.deps.items.findItems(['1'])).toEqual([]);
  });

  test('viewers and ingest keys may look and not change', async () => {
    const id = await makeSource();
    for (const actor of [
      { kind: 'user', userId: 'v', role: 'viewer' } as const,
      { kind: 'apiKey', keyId: 'k', scopes: ['ingest'], collectionIds: null } as const,
    ]) {
      const ctx = { ...world.studio.ctx, actor };
      await expect(getDataSource({ ctx, input: { sourceId: id } })).resolves.toBeDefined();
      for (const call of [deleteDataSource, updateDataSource, testDataSource, previewDataSource])
        await expect(call({ ctx, input: { sourceId: id } })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});

test('a source and an upsertion choose how texts become parts', async () => {
  const { ctx } = world.studio;
  const processing = {
    textProcessors: [{ id: 'strip-markup' }],
    splitter: { id: 'sentences', config: { sentencesMax: 1 } },
  };
  const text = '<p>It is red.</p> <p>It is warm!</p>';
  await write('h.jsonl', `${JSON.stringify({ text })}\n`);
  const id = await makeSource({ mapping: { text: ['text'] }, processing });
  await sync(id);
  await requestUpsertion({ ctx, input: { items: [{ id: 'cut', title: 'Boot', text }], processing } });
  await drainTasks(world.deps);
  const [cut, synced] = await world.deps.items.findItems(['cut', 'h.jsonl#1']);
  expect(cut?.parts).toEqual(['Boot. It is red.', 'Boot. It is warm!']);
  expect(synced?.parts).toEqual(['It is red.', 'It is warm!']);
  expect(await countEmbedded(['cut'])).toBe(2);
});

test('an upsertion may name a splitter that is not there: it is refused with the field', async () => {
  const input = { items: [{ id: 'x' }], processing: { splitter: { id: 'axe' } } };
  await expect(requestUpsertion({ ctx: world.studio.ctx, input })).rejects.toMatchObject({
    field: 'processing.splitter.id',
  });
});
