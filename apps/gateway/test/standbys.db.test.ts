import { startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { startStandby } from '@embedding-studio/testing/standby';
import { expect, it } from 'vitest';
import { api, startGatewayWorld } from './gateway-world.ts';

it('goes on answering searches with keys while the primary is dead, and stays ready', async () => {
  const postgres = await startPrivatePostgres();
  const standby = await startStandby(postgres.url);
  const variables = { DATABASE_REPLICA_URLS: standby.url, DATABASE_REPLICA_LAG_MS: '600000' };
  const world = await startGatewayWorld({ postgres, variables });
  const search = () =>
    world.call('POST', api('/embeddings/similarity-search'), {
      key: world.keys.search,
      body: { search_query: 'crimson boots', limit: 5 },
    });
  const ids = (body: unknown) => (body as { search_results: { object_id: string }[] }).search_results;
  try {
    await world.makeLive([
      { id: 'boots', title: 'Crimson boots' },
      { id: 'lamp', title: 'Oak lamp' },
    ]);
    await standby.catchUp();
    const before = await search();
    expect(before).toMatchObject({ status: 200, body: { degraded: [] } });
    await postgres.kill();
    const after = await search();
    expect(after).toMatchObject({ status: 200, body: { degraded: ['standby_only'] } });
    expect(ids(after.body).map(({ object_id }) => object_id)).toEqual(
      ids(before.body).map(({ object_id }) => object_id),
    );
    expect((await world.call('GET', '/health/ready', {})).status).toBe(200);
    await postgres.restart();
  } finally {
    await world.stop();
    await standby.stop();
  }
});
