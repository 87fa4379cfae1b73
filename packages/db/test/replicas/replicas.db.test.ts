import { setTimeout as sleep } from 'node:timers/promises';
import { defaultRankingProfile, type LiveAnswer, type LiveQuery } from '@embedding-studio/contracts';
import { type PrivatePostgres, startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { type Standby, startStandby } from '@embedding-studio/testing/standby';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Connection } from '../../src/postgres/connection.ts';
import { createPool, openPostgres, type PostgresStores, type ReplicaSettings } from '../../src/postgres/index.ts';
import { readNear } from '../../src/postgres/replicas/reads.ts';
import { makeClusteredVectors, makeItem, toRow } from '../item-fixtures.ts';

const dims = 16;
const count = 60;
const vectors = makeClusteredVectors({ count, dims, clusters: 4, seed: 3 });
const items = Array.from({ length: count }, (_, i) => makeItem(`i${i}`, { title: `thing ${i}`, payload: { n: i } }));
const query = vectors[7] ?? new Float32Array(dims);

let primary: PrivatePostgres;
let first: Standby;
let second: Standby;
let collection: string;
const opened: PostgresStores[] = [];

beforeAll(async () => {
  primary = await startPrivatePostgres();
  await primary.stores.items.upsertItems(items);
  collection = await makeCollection();
  await primary.stores.collections.switchLive({ expected: null, next: collection });
  [first, second] = await Promise.all([startStandby(primary.url), startStandby(primary.url)]);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((stores) => stores.close()));
});
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
  await primary?.stop();
});

async function makeCollection(): Promise<string> {
  const { collections } = primary.stores;
  const { id } = await collections.createCollection({ modelId: 'mdl_1', dims, ranking: defaultRankingProfile });
  await collections.putVectors(
    id,
    items.map((item, i) => toRow(item, vectors[i] ?? query)),
  );
  await collections.buildIndex(id, { m: 8, efConstruction: 32 });
  await collections.updateCollection(id, { status: 'ready' });
  return id;
}

async function open(urls: string[], change: Partial<ReplicaSettings> = {}): Promise<PostgresStores> {
  const replicas = { urls, lagMsMax: 60_000, timeoutMs: 2_000, lookEveryMs: 50, restMs: 200, ...change };
  const stores = await openPostgres({ url: primary.url, poolMax: 4, statementTimeoutMs: 10_000, replicas });
  opened.push(stores);
  return stores;
}

/** As the search verb asks: with what was live when it was last read. */
async function search({ collections }: PostgresStores): Promise<(LiveAnswer & { collectionId: string }) | null> {
  const live = await collections.recallLiveCollection();
  if (live === null) return null;
  const { ranking } = live.collection;
  const asked: LiveQuery = {
    ...{ live, text: 'thing', vector: query, depth: 10, efSearch: 40, profile: ranking },
    page: { offset: 0, limit: 5 },
  };
  const answer = await collections.searchLive(asked);
  return answer && { ...answer, collectionId: live.collection.id };
}

const statesOf = (stores: PostgresStores) => stores.describeReplicas().map(({ state }) => state);

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 400) expect(isSo()).toBe(true);
    await sleep(25);
  }
}

describe('searches', () => {
  it('are answered by the standbys in turn, and as the primary answers them', async () => {
    const stores = await open([first.url, second.url]);
    expect(statesOf(stores)).toEqual(['ready', 'ready']);
    const plain = await search(primary.stores);
    for (let asked = 0; asked < 6; asked++) {
      const answer = await search(stores);
      expect(answer?.candidates).toEqual(plain?.candidates);
      expect(answer?.hits).toEqual(plain?.hits);
      expect(answer?.degraded).toEqual([]);
    }
    expect(stores.describeReplicas().map(({ answered }) => answered)).toEqual([3, 3]);
    const filter = { range: { field: 'n', range: { lt: 20 } } } as const;
    expect(await stores.items.countItems(filter)).toBe(20);
    expect(await stores.items.searchItems({ filter, limit: 3, offset: 0 })).toHaveLength(3);
  });

  it('go elsewhere when a standby is killed, hangs or is not there, and come back to it', async () => {
    const stores = await open([first.url, second.url, 'postgres://studio@127.0.0.1:1/shop']);
    expect(statesOf(stores)).toEqual(['ready', 'ready', 'away']);
    await first.kill();
    for (let asked = 0; asked < 4; asked++) expect((await search(stores))?.hits).toHaveLength(5);
    expect(statesOf(stores)[0]).toBe('away');
    await second.freeze();
    expect((await search(stores))?.hits).toHaveLength(5);
    await until(() => statesOf(stores)[1] === 'away');
    expect((await search(stores))?.degraded).toEqual([]);
    await second.thaw();
    await first.restart();
    await until(() => statesOf(stores).join() === 'ready,ready,away');
  });

  it('leave a standby alone that is behind, and a server that takes writes', async () => {
    const stores = await open([first.url, primary.url], { lagMsMax: 100 });
    expect(statesOf(stores)).toEqual(['ready', 'refused']);
    await first.pauseReplay();
    await primary.stores.items.upsertItems([makeItem('late', { title: 'late' })]);
    await until(() => statesOf(stores)[0] === 'behind');
    expect(stores.describeReplicas()[0]?.lag?.bytes).toBeGreaterThan(0);
    expect(await stores.items.countItems()).toBe(count + 1);
    await first.resumeReplay();
    await until(() => statesOf(stores)[0] === 'ready');
    await primary.stores.items.deleteItems(['late']);
    await first.catchUp();
  });

  it('are asked once more at the primary when replay cancels them on the standby', async () => {
    const hasty = await startStandby(primary.url, { settings: ['max_standby_streaming_delay=50ms'] });
    const settings = { url: primary.url, poolMax: 4, statementTimeoutMs: 10_000 };
    const replicas = { urls: [hasty.url], lagMsMax: 60_000, timeoutMs: 5_000 };
    const connection = new Connection(createPool(settings), { ...settings, replicas });
    try {
      await connection.replicas?.start();
      await connection.query('CREATE TABLE held AS SELECT 1 AS one');
      await hasty.catchUp();
      const asked: boolean[] = [];
      const faults: unknown[] = [];
      const reading = readNear(connection, async (server) => {
        asked.push(server === connection);
        const seconds = server === connection ? 0 : 3;
        const rows = server.query('SELECT count(*)::int AS rows, pg_sleep($1)::text FROM held', [seconds]);
        return rows.catch((error) => {
          faults.push(error);
          throw error;
        });
      });
      await sleep(200);
      await connection.query('TRUNCATE held');
      expect(await reading).toMatchObject([{ rows: 0 }]);
      expect(asked).toEqual([false, true]);
      expect(faults).toMatchObject([{ code: '40001', message: expect.stringContaining('conflict with recovery') }]);
      expect(connection.replicas?.describe()).toMatchObject([{ state: 'ready' }]);
      await connection.query('DROP TABLE held');
    } finally {
      await connection.end();
      await hasty.stop();
    }
  });

  it('are asked at the primary when their table is dropped meanwhile', async () => {
    const hasty = await startStandby(primary.url, { settings: ['max_standby_streaming_delay=0'] });
    try {
      const stores = await open([hasty.url]);
      const next = await makeCollection();
      await hasty.catchUp();
      // Replay of the DROP ends whatever holds the table, in the middle of it or before it begins.
      const reads = Array.from({ length: 20 }, () =>
        stores.collections.findNearest({ collectionId: next, vector: query, limit: 3, efSearch: 40 }).catch(String),
      );
      const dropped = primary.stores.collections.dropCollection(next);
      const answers = await Promise.all(reads);
      await dropped;
      for (const answer of answers)
        if (typeof answer === 'string') expect(answer).toMatch(/does not exist/);
        else expect(answer).toHaveLength(3);
    } finally {
      await hasty.stop();
    }
  });
});

describe('a switch of the live pointer', () => {
  it('is never followed by an answer from the old collection, though no standby has replayed it', async () => {
    const next = await makeCollection();
    await Promise.all([first.catchUp(), second.catchUp()]);
    const stores = await open([first.url, second.url]);
    expect((await search(stores))?.collectionId).toBe(collection);
    await Promise.all([first.pauseReplay(), second.pauseReplay()]);
    await primary.stores.collections.switchLive({ expected: collection, next });
    // What this process remembers as live is what both standbys still take for live.
    expect(await search(stores)).toBeNull();
    expect((await stores.collections.findLiveCollection())?.collection.id).toBe(next);
    expect(statesOf(stores)).toEqual(['ready', 'ready']);
    const answer = await search(stores);
    expect(answer).toMatchObject({ collectionId: next, degraded: [] });
    expect(answer?.hits).toHaveLength(5);
    await primary.stores.collections.switchLive({ expected: next, next: collection });
    expect(await search(stores)).toBeNull();
    await Promise.all([first.resumeReplay(), second.resumeReplay()]);
    await Promise.all([first.catchUp(), second.catchUp()]);
    await stores.collections.findLiveCollection();
    expect((await search(stores))?.collectionId).toBe(collection);
  });

  it('is not held up by tables that a standby does not have yet', async () => {
    const stores = await open([first.url]);
    await first.pauseReplay();
    const next = await makeCollection();
    const nearest = { collectionId: next, vector: query, limit: 3, efSearch: 40 };
    expect(await stores.collections.findNearest(nearest)).toHaveLength(3);
    expect(statesOf(stores)).toEqual(['ready']);
    await first.resumeReplay();
    await primary.stores.collections.dropCollection(next);
    await first.catchUp();
  });
});

describe('a dead primary', () => {
  it('that hangs holds searches up for moments only, and what waits for it fails', async () => {
    const stores = await open([first.url]);
    await search(stores);
    await primary.freeze();
    const writing = stores.items.upsertItems([makeItem('never')]).catch(({ code }) => code);
    expect((await search(stores))?.degraded).toEqual(['standby_only']);
    expect(await writing).toBe('STORE_UNAVAILABLE');
    await expect(stores.models.listModels({ after: null, limit: 1 })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await primary.thaw();
    let last = await search(stores);
    for (let tries = 0; last?.degraded?.length !== 0 && tries < 200; tries++) {
      await sleep(25);
      last = await search(stores);
    }
    expect(last?.degraded).toEqual([]);
  });

  it('leaves searches answered by the standbys, which say so, and comes back without a restart of ours', async () => {
    const stores = await open([first.url, second.url]);
    const before = await search(stores);
    await primary.kill();
    for (let asked = 0; asked < 3; asked++) {
      const answer = await search(stores);
      expect(answer?.candidates).toEqual(before?.candidates);
      expect(answer?.degraded).toEqual(['standby_only']);
    }
    expect((await stores.collections.findLive())?.collectionId).toBe(collection);
    expect((await stores.collections.findLiveCollection())?.collection.id).toBe(collection);
    expect(await stores.items.findHits(['i3'])).toHaveLength(1);
    expect(await stores.apiKeys.findApiKeyByHash('none')).toBeNull();
    await expect(stores.items.upsertItems([makeItem('new')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await primary.restart();
    const write = () => stores.items.upsertItems([makeItem('new')]).then(Boolean, () => false);
    for (let tries = 0; !(await write()) && tries < 200; tries++) await sleep(25);
    expect(await stores.items.findHits(['new'])).toHaveLength(1);
    await until(() => stores.describeReplicas().every(({ state }) => state === 'ready'));
    let last = await search(stores);
    for (let tries = 0; last?.degraded?.length !== 0 && tries < 100; tries++) {
      await sleep(25);
      last = await search(stores);
    }
    expect(last?.degraded).toEqual([]);
  });
});
