import { openPostgres } from '@embedding-studio/db/postgres';
import { startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { startStandby } from '@embedding-studio/testing/standby';
import { drainTasks } from '@embedding-studio/testing/studio';
import { expect, test } from 'vitest';
import { browseItems, rollBack, searchItems } from '../src/index.ts';
import { getTunedRollout, openShop, requestTuning, world } from './rollout-world.ts';

const query = world.sessions[0]?.query ?? '';

test('searches on standbys follow every switch at once, and go on when the primary is killed', async () => {
  const primary = await startPrivatePostgres();
  const standby = await startStandby(primary.url);
  const replicas = { urls: [standby.url], lagMsMax: 600_000, timeoutMs: 5_000, lookEveryMs: 50 };
  const stores = await openPostgres({ url: primary.url, poolMax: 5, statementTimeoutMs: 30_000, replicas });
  const stop = async () => {
    await stores.close();
    await standby.stop();
    await primary.stop();
  };
  const studio = await openShop({ postgres: { url: primary.url, stores, stop } });
  const search = () => searchItems({ ctx: studio.ctx, input: { query, limit: 5 } });
  try {
    await standby.catchUp();
    const before = await search();
    expect(stores.describeReplicas()).toMatchObject([{ state: 'ready', answered: expect.any(Number) }]);
    await standby.pauseReplay();
    const tuning = await requestTuning(studio);
    await drainTasks(studio.deps);
    expect((await getTunedRollout(studio, tuning)).state).toBe('live');
    const after = await search();
    expect(after.hits).toHaveLength(5);
    expect(after.collectionId).not.toBe(before.collectionId);
    await rollBack({ ctx: studio.ctx, input: {} });
    const back = await search();
    expect(back).toMatchObject({ collectionId: before.collectionId, degraded: [] });
    await standby.resumeReplay();
    await standby.catchUp();
    await primary.kill();
    const alone = await search();
    expect(alone.degraded).toEqual(['standby_only']);
    expect(alone.hits.map(({ itemId }) => itemId)).toEqual(back.hits.map(({ itemId }) => itemId));
    expect((await browseItems({ ctx: studio.ctx, input: { limit: 3 } })).items).toHaveLength(3);
  } finally {
    await studio.close();
  }
});
