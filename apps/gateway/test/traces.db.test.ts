import { createLog } from '@embedding-studio/telemetry';
import { openTelemetry, type ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import { type OtlpCollector, type ReceivedSpan, startOtlpCollector } from '@embedding-studio/testing/otlp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let collector: OtlpCollector;
let telemetry: ProcessTelemetry;
let world: GatewayWorld;
const logged: Record<string, unknown>[] = [];

/** Who calls has a trace of its own, which ours joins. */
const caller = (digit: string) => ({
  traceId: digit.repeat(32),
  header: `00-${digit.repeat(32)}-${'b'.repeat(16)}-01`,
});
const traces = { search: caller('1'), upsertion: caller('2'), refusal: caller('3'), away: caller('4') };
const query = 'zebra-striped waders';

async function post(path: string, { header }: { header: string }, given: { key?: string; body: unknown }) {
  const text = JSON.stringify(given.body);
  return world.call('POST', api(path), { key: given.key, raw: { text, headers: { traceparent: header } } });
}

beforeAll(async () => {
  collector = await startOtlpCollector();
  telemetry = await openTelemetry({
    ...{ name: 'test', version: '0' },
    traces: { endpoint: collector.url, headers: {}, ratio: 1 },
  });
  const target = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const log = createLog({ name: 'test', level: 'debug', traceIds: telemetry.traceIds, target });
  world = await startGatewayWorld({ telemetry, log });
  await world.makeLive([{ id: 'boots', title: 'Crimson boots' }]);
  const { search, ingest } = world.keys;
  const asked = { search_query: query, limit: 5 };
  await post('/embeddings/similarity-search', traces.search, { key: search, body: asked });
  const items = [{ object_id: 'waders', title: query, payload: { owner: 'someone private' } }];
  const run = await post('/embeddings/upsertion-tasks/run', traces.upsertion, { key: ingest, body: { items } });
  await world.waitForTask(String(run.body.task_id));
  refusal = (await post('/embeddings/similarity-search', traces.refusal, { body: asked })).body;
  await world.stopModelServer();
  const other = { ...asked, search_query: `${query}, green` };
  await post('/embeddings/similarity-search', traces.away, { key: search, body: other });
  await world.startModelServer();
  await world.stop();
  // Sends what is left.
  await telemetry.close();
});
afterAll(() => collector?.close());
let refusal: Record<string, unknown>;

const spansOf = ({ traceId }: { traceId: string }) => collector.spans.filter((span) => span.traceId === traceId);

/** Names from the first span of ours down to this one. */
function pathTo(span: ReceivedSpan, all: ReceivedSpan[]): string[] {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [span.name] : [...pathTo(parent, all), span.name];
}
const pathsOf = (trace: { traceId: string }) => spansOf(trace).map((span) => pathTo(span, spansOf(trace)).join(' > '));

it('a search is one trace from the caller through gateway, verb, model server and SQL', () => {
  const root = 'POST /api/v1/embeddings/similarity-search';
  const paths = pathsOf(traces.search);
  expect(paths).toContain(root);
  expect(paths).toContain(`${root} > search.searchItems > search embed > model server infer > infer`);
  expect(paths).toContain(`${root} > search.searchItems > search candidates > SEARCH`);
  expect(paths.every((path) => path.startsWith(root))).toBe(true);
  const [first] = spansOf(traces.search).filter(({ name }) => name === root);
  expect(first).toMatchObject({
    parentSpanId: 'b'.repeat(16),
    attributes: { 'http.route': '/api/v1/embeddings/similarity-search', 'http.request.method': 'POST' },
  });
});

it('an upsertion is one trace from the request to the job in a worker and to the model server behind it', () => {
  const root = 'POST /api/v1/embeddings/upsertion-tasks/run';
  const paths = pathsOf(traces.upsertion);
  expect(paths).toContain(`${root} > item.requestUpsertion > job upsertion > model server infer > infer`);
  expect(paths.some((path) => path.startsWith(`${root} > item.requestUpsertion > job upsertion > TRANSACTION`))).toBe(
    true,
  );
  expect(paths.every((path) => path.startsWith(root))).toBe(true);
});

it('no span and no log line tells what was asked or stored, by whom, or with which key', () => {
  const sent = collector.bodies.join('\n');
  expect(collector.spans.length).toBeGreaterThan(20);
  const secrets = [query, 'zebra', 'someone private', 'Crimson', 'waders', ...Object.values(world.keys)];
  for (const secret of secrets) expect(sent).not.toContain(secret);
  expect(collector.spans.flatMap(({ events = [] }) => events)).toEqual([]);
  expect(collector.spans.flatMap(({ status }) => status.message ?? [])).toEqual([]);
  const lines = JSON.stringify(logged);
  for (const secret of [query, ...Object.values(world.keys)]) expect(lines).not.toContain(secret);
  for (const { attributes } of collector.spans)
    for (const value of Object.values(attributes)) expect(String(value).length).toBeLessThan(120);
});

it('an error answer and the lines logged meanwhile name the trace', () => {
  expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', trace_id: traces.refusal.traceId });
  const fallen = logged.find(({ msg }) => msg === 'search falls back to words only');
  expect(fallen).toMatchObject({ traceId: traces.away.traceId, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) });
  const failed = spansOf(traces.away).filter(({ status }) => status.code === 2);
  expect(failed.map(({ attributes }) => attributes['error.type'])).toContain('MODEL_SERVER_UNAVAILABLE');
});
