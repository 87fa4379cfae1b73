import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isStudioError } from '@embedding-studio/contracts';
import { requestUpsertion, searchItems } from '@embedding-studio/core';
import { createPool } from '@embedding-studio/db/postgres';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { mayMount, openSmallDisk, type SmallDisk } from '@embedding-studio/testing';
import { type PrivatePostgres, startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, world } from './rollout-world.ts';

const query = { query: world.items[0]?.title ?? '', limit: 5 };

describe.skipIf(!mayMount())('a full disk of the database', () => {
  let disk: SmallDisk;
  let postgres: PrivatePostgres;
  let studio: TestStudio;
  const asked: string[] = [];
  beforeAll(async () => {
    disk = openSmallDisk({ megabytes: 160 });
    postgres = await startPrivatePostgres({ folder: disk.folder });
    studio = await openShop({ postgres });
  });
  afterAll(async () => {
    await disk.free();
    await studio.close();
    disk.close();
  });

  const ask = async (id: string) => {
    const items = Array.from({ length: 20 }, (_, n) => ({ id: `${id}-${n}`, title: `thing ${id}`, text: filler(n) }));
    await requestUpsertion({ ctx: studio.ctx, input: { id, items } });
    asked.push(id);
  };
  const statusOf = async (id: string) => (await studio.deps.tasks.getTask(id)).status;
  /** One attempt at each task that is due. */
  const work = () => drainTasks(studio.deps, { roundsMax: 1 }).catch(() => undefined);

  test('is said by the tasks that meet it, searches go on, and nothing accepted is lost once there is room', async () => {
    await disk.fill();
    for (let n = 0; n < 40; n++) {
      await ask(`big-${n}`);
      await work();
      if ((await statusOf(`big-${n}`)) !== 'done') break;
    }
    const last = asked.at(-1) ?? '';
    for (let attempt = 0; attempt < 8; attempt++) await work();
    const stuck = await studio.deps.tasks.getTask(last);
    expect(stuck).toMatchObject({ status: 'pending', error: { code: 'STORE_UNAVAILABLE' } });
    expect(stuck.error?.message).toMatch(/No space left on device/);
    expect((await searchItems({ ctx: studio.ctx, input: query })).hits).not.toEqual([]);

    await disk.free();
    await drainTasks(studio.deps);
    expect(await Promise.all(asked.map(statusOf))).toEqual(asked.map(() => 'done'));
    const ids = asked.flatMap((id) => [`${id}-0`, `${id}-19`]);
    expect((await studio.deps.items.findItems(ids)).map(({ id }) => id)).toEqual(ids);
  });

  test('that ends the server loses nothing that it acknowledged: it starts again once there is room', async () => {
    await disk.fill();
    expect(await fillLog(postgres.url)).toBe('no room');
    const outcome = await searchItems({ ctx: studio.ctx, input: query }).then(
      ({ hits }) => hits.length > 0,
      (error: unknown) => (isStudioError(error) ? error.code : String(error)),
    );
    expect([true, 'STORE_UNAVAILABLE']).toContain(outcome);
    await disk.free();
    await postgres.kill().catch(() => undefined);
    await postgres.restart();
    const ids = asked.map((id) => `${id}-7`);
    expect((await studio.deps.items.findItems(ids)).map(({ id }) => id)).toEqual(ids);
    expect((await searchItems({ ctx: studio.ctx, input: query })).hits).not.toEqual([]);
  });
});

/** Different words in every item, so that nothing compresses. */
function filler(seed: number): string {
  return Array.from({ length: 400 }, (_, n) => ((seed + 1) * 7_919 * (n + 13)).toString(36)).join(' ');
}

/** Writes to the log of the database, and to nothing else, until it has no room: the server ends over that. */
async function fillLog(url: string): Promise<'room' | 'no room'> {
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 10_000 });
  pool.on('error', () => undefined);
  try {
    for (let n = 0; n < 40; n++)
      await pool.query(`SELECT pg_logical_emit_message(true, 'full', repeat(md5(random()::text), 30000))`);
    return 'room';
  } catch {
    return 'no room';
  } finally {
    await pool.end().catch(() => undefined);
  }
}

test.skipIf(!mayMount())('a full disk of the object folder leaves no half-written object, and says so', async () => {
  const disk = openSmallDisk({ megabytes: 4 });
  try {
    const store = createFolderObjectStore({ folder: disk.folder });
    const large = new Uint8Array(6_000_000).fill(7);
    await store.putObject('models/a/old', new Uint8Array(1_000));
    await expect(store.putObject('models/a/new', large)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.putObject('models/a/old', large)).rejects.toMatchObject({
      message: expect.stringContaining('ENOSPC'),
    });
    expect((await store.listObjects('models/')).map(({ key }) => key)).toEqual(['models/a/old']);
    expect(await store.getObject('models/a/old')).toHaveLength(1_000);
    expect(await readdir(join(disk.folder, '.unfinished'))).toEqual([]);
    await store.putObject('models/a/new', new Uint8Array(2_000_000));
    expect(await store.hasObject('models/a/new')).toBe(true);
  } finally {
    disk.close();
  }
});
