import { openTelemetry, type ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

const token = 'a token for the metrics of a test';
let world: GatewayWorld;
let telemetry: ProcessTelemetry;

beforeAll(async () => {
  telemetry = await openTelemetry({ name: 'gateway', version: '0', traces: null });
  world = await startGatewayWorld({ telemetry, metricsToken: token });
  await world.makeLive([{ id: 'boots', title: 'Crimson boots' }]);
});
afterAll(async () => {
  await world?.stop();
  await telemetry?.close();
});

async function read(headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
  const answer = await fetch(`${world.url}/metrics`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

/** Series of one metric by their labels as written, in no order. */
async function seriesOf(name: string): Promise<Map<string, number>> {
  const lines = (await read()).text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(name.length, at), Number(line.slice(at + 1))];
    }),
  );
}

const route = '/api/v1/embeddings/similarity-search';

it('a search and a refused call appear with route, method, status and code, and never with what was asked', async () => {
  const path = api('/embeddings/similarity-search');
  const body = { search_query: 'zebra-striped boots', limit: 5 };
  expect((await world.call('POST', path, { key: world.keys.search, body })).status).toBe(200);
  expect((await world.call('POST', path, { key: world.keys.search, body })).status).toBe(200);
  expect((await world.call('POST', path, { body })).status).toBe(401);
  expect((await world.call('POST', path, { key: world.keys.search, body: { limit: -1 } })).status).toBe(422);

  const requests = await seriesOf('embedding_studio_http_request_duration_seconds_count');
  expect(requests.get(`{route="${route}",method="POST",status="2xx"}`)).toBe(2);
  expect(requests.get(`{route="${route}",method="POST",status="4xx"}`)).toBe(2);
  const errors = await seriesOf('embedding_studio_http_errors_total');
  expect(errors.get(`{route="${route}",code="UNAUTHENTICATED"}`)).toBe(1);
  expect(errors.get(`{route="${route}",code="INPUT_INVALID"}`)).toBe(1);
  const calls = await seriesOf('embedding_studio_procedure_calls_total');
  expect(calls.get('{procedure="search.searchItems",code="OK"}')).toBe(2);
  expect((await seriesOf('embedding_studio_searches_total')).get('{legs="fused",outcome="complete"}')).toBe(2);
  const cache = await seriesOf('embedding_studio_query_cache_lookups_total');
  expect(cache.get('{result="hit"}')).toBeGreaterThan(0);
  expect(cache.get('{result="miss"}')).toBeGreaterThan(0);
  const steps = await seriesOf('embedding_studio_search_step_duration_seconds_count');
  expect([...steps.keys()].sort()).toEqual(['{step="candidates"}', '{step="embed"}', '{step="hits"}']);
  const { text } = await read();
  for (const secret of ['zebra', world.keys.search, 'boots', '127.0.0.1']) expect(text).not.toContain(secret);
});

it('tells of jobs, queues, the live collection, the model server and the pools', async () => {
  const project = 'project="default"';
  const jobs = await seriesOf('embedding_studio_task_duration_seconds_count');
  expect(jobs.get('{kind="upsertion",outcome="done"}')).toBe(1);
  expect((await seriesOf('embedding_studio_workers')).get(`{${project},role="upsertion"}`)).toBe(1);
  expect((await seriesOf('embedding_studio_live_collection_items')).get(`{${project}}`)).toBe(1);
  expect((await seriesOf('embedding_studio_model_server_ready')).get('')).toBe(1);
  const circuit = await seriesOf('embedding_studio_circuit_state');
  expect(circuit.get('{circuit="query_embedding",state="closed"}')).toBe(1);
  expect((await seriesOf('embedding_studio_model_server_batch_rows_count')).get('')).toBeGreaterThan(0);
  const queue = await seriesOf('embedding_studio_queue_tasks');
  expect(queue.get(`{${project},kind="upsertion",state="waiting"}`)).toBe(0);
  const pools = await seriesOf('embedding_studio_database_connections');
  expect(pools.has(`{${project},pool="searches",state="in_use"}`)).toBe(true);
});

it('refuses whoever has no token, or another one, and says how to ask', async () => {
  const wrong = [{}, { authorization: 'Bearer wrong' }, { authorization: `Bearer ${world.keys.admin}` }];
  for (const headers of wrong) {
    const { status, text } = await read(headers as Record<string, string>);
    expect(status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ code: 'UNAUTHENTICATED', field: 'authorization' });
    expect(text).not.toContain('embedding_studio_');
  }
  expect((await read()).type).toContain('text/plain');
});
