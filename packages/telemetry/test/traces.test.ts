import { type OtlpCollector, startOtlpCollector } from '@embedding-studio/testing/otlp';
import { afterEach, expect, it } from 'vitest';
import { openTelemetry, type ProcessTelemetry } from '../src/observe.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

async function open(given: { ratio?: number; endpoint?: string; headers?: Record<string, string> } = {}) {
  const collector: OtlpCollector = await startOtlpCollector();
  const { ratio = 1, endpoint = collector.url, headers = {} } = given;
  const telemetry: ProcessTelemetry = await openTelemetry({
    ...{ name: 'unit', version: '1.2.3' },
    traces: { endpoint, headers, ratio, timeoutMs: 300 },
  });
  closing.push(collector);
  return { collector, telemetry };
}
const caller = { traceId: 'a'.repeat(32), header: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };

it('spans of work that runs at the same time keep to their own parents', async () => {
  const { collector, telemetry } = await open();
  const one = (name: string) =>
    telemetry.trace({ name, kind: 'server' }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return telemetry.trace({ name: `${name} inner` }, async () => telemetry.traceparent());
    });
  const [left, right] = await Promise.all([one('left'), one('right')]);
  await telemetry.close();
  const find = (name: string) => collector.spans.find((span) => span.name === name);
  expect(left).toBe(`00-${find('left')?.traceId}-${find('left inner')?.spanId}-01`);
  expect(find('right inner')).toMatchObject({ parentSpanId: find('right')?.spanId, traceId: find('right')?.traceId });
  expect(left?.slice(3, 35)).not.toBe(right?.slice(3, 35));
});

it.each([
  '',
  'nonsense',
  `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
  `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`,
  `00-${'a'.repeat(31)}-${'b'.repeat(16)}-01`,
])('a trace context that is none (%j) begins a trace of its own', async (traceparent) => {
  const { telemetry } = await open();
  const ids = await telemetry.trace({ name: 'x', kind: 'server', traceparent }, async () => telemetry.traceIds());
  await telemetry.close();
  expect(ids?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(ids?.traceId).not.toBe(caller.traceId);
});

it('what a process does by itself is no trace: only requests and jobs begin one', async () => {
  const { collector, telemetry } = await open();
  expect(await telemetry.trace({ name: 'poll', kind: 'client' }, async () => telemetry.traceparent())).toBeUndefined();
  await telemetry.trace({ name: 'job', kind: 'consumer' }, () => telemetry.trace({ name: 'part' }, async () => 1));
  await telemetry.close();
  expect(collector.spans.map(({ name }) => name).sort()).toEqual(['job', 'part']);
});

it('a caller can join a trace and cannot make us keep it', async () => {
  const { collector, telemetry } = await open({ ratio: 0 });
  const ids = await telemetry.trace({ name: 'x', traceparent: caller.header }, async () => telemetry.traceIds());
  await telemetry.close();
  expect(ids?.traceId).toBe(caller.traceId);
  expect(collector.spans).toEqual([]);
});

it('an error passes through, and the span tells its code and not its words', async () => {
  const { collector, telemetry } = await open();
  const failing = telemetry.trace({ name: 'x', kind: 'server' }, () =>
    Promise.reject(new TypeError('red leather shoes')),
  );
  await expect(failing).rejects.toThrow('red leather shoes');
  await telemetry.close();
  expect(collector.spans).toMatchObject([{ attributes: { 'error.type': 'TypeError' }, status: { code: 2 } }]);
  expect(collector.bodies.join()).not.toContain('leather');
});

it('work goes on where the receiver is away, and the process still ends', async () => {
  const { telemetry } = await open({ endpoint: 'http://127.0.0.1:9' });
  expect(await telemetry.trace({ name: 'x', kind: 'server' }, async () => 7)).toBe(7);
  await telemetry.close();
});

it('without a receiver nothing is traced', async () => {
  const telemetry = await openTelemetry({ name: 'unit', version: '0', traces: null });
  const seen = await telemetry.trace({ name: 'x', traceparent: caller.header }, async () => [
    telemetry.traceparent(),
    telemetry.traceIds(),
  ]);
  expect(seen).toEqual([undefined, undefined]);
  await telemetry.close();
});
