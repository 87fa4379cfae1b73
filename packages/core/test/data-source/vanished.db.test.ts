import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError, type SyncMode } from '@embedding-studio/contracts';
import {
  type CoreDeps,
  createDataSource,
  deleteDataSource,
  requestSync,
  updateDataSource,
} from '@embedding-studio/core';
import { CrashError, drainTasks, withCrashPoints } from '@embedding-studio/testing/studio';
import { expect, test } from 'vitest';
import { syncSource, useSourceWorld } from './source-world.ts';

const world = useSourceWorld();

const write = (name: string, ids: readonly string[]) =>
  writeFile(join(world.path, name), ids.map((id) => `${JSON.stringify({ id, name: `film ${id}` })}\n`).join(''));
const idsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `s${world.place}-${from + n}`);

async function makeSource(
  deletions?: 'keep' | 'delete',
  mapping: object = { id: 'id', title: 'name' },
): Promise<string> {
  const input = { name: 'films', loader: 'folder', config: { path: world.path }, mapping, deletions };
  return (await createDataSource({ ctx: world.studio.ctx, input })).id;
}

const sync = (sourceId: string, mode: SyncMode = 'full', more: { force?: boolean; given?: CoreDeps } = {}) =>
  syncSource(world, sourceId, { mode, force: more.force, deps: more.given });

const countLeft = async (ids: string[]) => (await world.deps.items.findItems(ids)).length;

/** Ten items in one file and one in another, of which the second then vanishes. */
async function loseOne(deletions?: 'keep' | 'delete'): Promise<{ sourceId: string; lost: string; kept: string[] }> {
  const kept = idsOf(0, 10);
  const lost = `s${world.place}-lost`;
  await write('a.jsonl', kept);
  await write('b.jsonl', [lost]);
  const sourceId = await makeSource(deletions);
  await sync(sourceId, 'incremental');
  expect(await countLeft([...kept, lost])).toBe(11);
  await unlink(join(world.path, 'b.jsonl'));
  return { sourceId, lost, kept };
}

test('items stay when their record is gone, unless the source says that they go', async () => {
  const { sourceId, lost } = await loseOne();
  expect(await sync(sourceId)).toMatchObject({ status: 'done', result: { deleted: 0 } });
  expect(await countLeft([lost])).toBe(1);
  await updateDataSource({ ctx: world.studio.ctx, input: { sourceId, deletions: 'delete' } });
  expect((await sync(sourceId, 'incremental')).result).toMatchObject({ deleted: 0 });
  expect((await sync(sourceId)).result).toMatchObject({ deleted: 1, rows: 10 });
  expect(await countLeft([lost])).toBe(0);
});

test('a full sync deletes what vanished with its vectors, once, and nothing of what came by other ways', async () => {
  const { sourceId, lost, kept } = await loseOne('delete');
  const before = await world.deps.items.countItems();
  expect(await sync(sourceId)).toMatchObject({ status: 'done', result: { deleted: 1, failed: 0 } });
  expect(await world.deps.items.countItems()).toBe(before - 1);
  const live = (await world.deps.collections.findLive())?.collectionId ?? '';
  expect(await world.deps.collections.getVectors(live, [lost])).toEqual([]);
  expect(await countLeft(kept)).toBe(10);
  expect((await sync(sourceId)).result).toMatchObject({ deleted: 0 });
  await write('b.jsonl', [lost]);
  await sync(sourceId);
  expect(await countLeft([lost])).toBe(1);
});

test('more than a fifth at once is refused with the counts, and done when forced', async () => {
  const ids = idsOf(0, 10);
  await write('a.jsonl', ids.slice(0, 7));
  await write('b.jsonl', ids.slice(7));
  const sourceId = await makeSource('delete');
  await sync(sourceId);
  await unlink(join(world.path, 'b.jsonl'));
  await write('c.jsonl', idsOf(20, 21));
  const refused = await sync(sourceId);
  expect(refused).toMatchObject({ status: 'refused', error: { code: 'TASK_CONFLICT' } });
  expect(refused.error?.message).toContain('3 of 11 items have vanished');
  expect(await countLeft([...ids, ...idsOf(20, 21)])).toBe(11);
  expect((await sync(sourceId, 'full', { force: true })).result).toMatchObject({ deleted: 3 });
  expect(await countLeft(ids)).toBe(7);
});

test('records that cannot be told apart hold deletion back; records that fail as items are still there', async () => {
  const { sourceId, lost, kept } = await loseOne('delete');
  await writeFile(join(world.path, 'c.jsonl'), 'not json\n');
  const refused = await sync(sourceId);
  expect(refused).toMatchObject({ status: 'refused', error: { message: expect.stringContaining('told apart') } });
  expect(await countLeft([lost])).toBe(1);
  await unlink(join(world.path, 'c.jsonl'));
  const embed: CoreDeps['encoder']['embed'] = async () => {
    throw new StudioError('MODEL_INVALID', 'NaN');
  };
  await write('a.jsonl', [...kept, 'poisoned']);
  const poisoned = await sync(sourceId, 'full', { given: { ...world.deps, encoder: { embed } } });
  expect(poisoned).toMatchObject({ status: 'done', result: { deleted: 1 } });
  expect(await countLeft(kept)).toBe(10);
});

test('an item that another source has as well stays', async () => {
  const { sourceId, lost } = await loseOne('delete');
  world.path = join(world.folder, `other-${world.place}`);
  await mkdir(world.path);
  await write('x.jsonl', [lost]);
  const other = await makeSource();
  await sync(other);
  expect((await sync(sourceId)).result).toMatchObject({ deleted: 0 });
  expect(await countLeft([lost])).toBe(1);
  await deleteDataSource({ ctx: world.studio.ctx, input: { sourceId: other } });
  expect((await sync(sourceId)).result).toMatchObject({ deleted: 1 });
});

test('killed after any effect, a full sync deletes what vanished and nothing else', async () => {
  const points: string[] = [];
  for (let at = -1; at < points.length; at++) {
    world.path = join(world.folder, `crash-${world.place}-${at}`);
    await mkdir(world.path);
    const kept = idsOf(100 * (at + 2), 100 * (at + 2) + 10);
    const lost = `lost-${at}`;
    await write('a.jsonl', kept);
    await write('b.jsonl', [lost]);
    const sourceId = await makeSource('delete');
    await sync(sourceId);
    await unlink(join(world.path, 'b.jsonl'));
    const crash = withCrashPoints(world.deps, { shouldDie: (passed) => passed === points[at] });
    const { id } = await requestSync({ ctx: world.studio.ctx, input: { sourceId, mode: 'full' } });
    await drainTasks(crash.deps).catch((error) => {
      if (!(error instanceof CrashError)) throw error;
    });
    if (at === -1) points.push(...crash.passed.filter((point) => point.startsWith('data_source_sync.')));
    else expect(crash.isDead(), points[at]).toBe(true);
    world.studio.passSeconds(120);
    await drainTasks(world.deps);
    expect((await world.deps.tasks.getTask(id)).status, points[at]).toBe('done');
    expect([await countLeft(kept), await countLeft([lost])], points[at]).toEqual([10, 0]);
  }
  expect(points).toContain('data_source_sync.items.deleteItems');
});
