import { openTelemetry } from '@embedding-studio/telemetry/observe';
import { startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { startStandby } from '@embedding-studio/testing/standby';
import { expect, it } from 'vitest';
import { api, startGatewayWorld } from './gateway-world.ts';

it('goes on answering searches with keys while the primary is dead, and stays ready', async () => {
  const postgres = await startPrivatePostgres();
  const standby = await startStandby(postgres.url);
  const variables = { DATABASE_REPLICA_URLS: standby.url, DATABASE_REPLICA_LAG_MS: '600000' };
  const telemetry = await openTelemetry({ name: 'gateway', version: '0', traces: null });
  const world = await startGatewayWorld({ postgres, variables, telemetry, metricsToken: 'a token for metrics' });
  const readMetrics = async () => {
    const headers = { authorization: 'Bearer a token for metrics' };
    return (await (await fetch(`${world.url}/metrics`, { headers })).text()).split('\n');
  };
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
    const told = await readMetrics();
    const standby1 = 'project="default",replica="1"';
    expect(told).toContain(`embedding_studio_database_replica_state{${standby1},state="ready"} 1`);
    expect(told).toContain(`embedding_studio_database_replica_state{${standby1},state="away"} 0`);
    expect(
      told.find((line) => line.startsWith(`embedding_studio_database_replica_lag_seconds{${standby1}}`)),
    ).toBeDefined();
    expect(
      told.find((line) => line.startsWith('embedding_studio_database_reads_total{server="standby"}')),
    ).toBeDefined();
    await postgres.kill();
    const after = await search();
    expect(after).toMatchObject({ status: 200, body: { degraded: ['standby_only'] } });
    expect(ids(after.body).map(({ object_id }) => object_id)).toEqual(
      ids(before.body).map(({ object_id }) => object_id),
    );
    expect((await world.call('GET', '/health/ready', {})).status).toBe(200);
    expect(await readMetrics()).toContain('embedding_studio_searches_total{legs="fused",outcome="standby_only"} 1');
    await postgres.restart();
  } finally {
    await world.stop();
    await telemetry.close();
    await standby.stop();
  }
});
