import { metricCatalogue, type TelemetryMetric } from '@embedding-studio/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { metricPrefix, openMetrics, otherValue } from '../src/observe.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const metrics of opened.splice(0)) metrics.close();
});
function open() {
  const metrics = openMetrics();
  opened.push(metrics);
  return metrics;
}

const entries: [string, TelemetryMetric][] = Object.entries(metricCatalogue);
const sizeOf = (bound: TelemetryMetric['labels'][string]) => (typeof bound === 'number' ? bound : bound.length) + 1;
/** What a name may end with, by type: https://prometheus.io/docs/practices/naming/. */
const endings = {
  counter: /_total$/,
  histogram: /_(seconds|bytes|rows)$/,
  gauge: /_(seconds|bytes|ratio|items|tasks|workers|connections|requests|ready|state)$/,
};

describe.each(entries)('%s', (name, metric) => {
  it('is named with our prefix, in a base unit, and explained in a sentence', () => {
    expect(name).toMatch(/^embedding_studio_[a-z_]+$/);
    expect(name).toMatch(endings[metric.type]);
    expect(name).not.toMatch(/milli|micro|_ms$|percent|kilo|mega/);
    expect(metric.help).toMatch(/^[A-Z01].{15,}\.$/);
  });

  it('has labels by which no person, item, query or task can be told, in a bounded number', () => {
    const labels = Object.entries(metric.labels);
    for (const [label] of labels) {
      expect(label).toMatch(/^[a-z_]+$/);
      expect(label).not.toMatch(/(^|_)(id|user|item|query|session|key|ip|path|url|text|message)$/);
    }
    const series = labels.reduce((product, [, bound]) => product * sizeOf(bound), 1);
    const perSeries = metric.type === 'histogram' ? (metric.buckets?.length ?? 0) + 3 : 1;
    const widest = labels.reduce((most, [, bound]) => Math.max(most, sizeOf(bound)), 1);
    expect(widest).toBeLessThanOrEqual(401);
    // Routes and procedures end in a few codes each: what is possible is far more than what is seen.
    if (widest < 100) expect(series * perSeries).toBeLessThanOrEqual(8_000);
  });

  it('is exposed with its help, buckets ascending', async () => {
    const { text } = await open().scrape();
    expect(text).toContain(`# HELP ${name} ${metric.help}`);
    expect(text).toContain(`# TYPE ${name} ${metric.type}`);
    const buckets = [...(metric.buckets ?? [])];
    expect(buckets).toEqual([...buckets].sort((left, right) => left - right));
    expect(buckets.length > 0).toBe(metric.type === 'histogram');
  });
});

it('names every metric of the process with the same prefix', async () => {
  const { text } = await open().scrape();
  const names = text.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
  expect(names.filter((name) => !name.startsWith(metricPrefix))).toEqual([]);
  expect(names).toContain('embedding_studio_nodejs_eventloop_lag_p99_seconds');
  expect(names).toContain('embedding_studio_process_resident_memory_bytes');
});

it('tells no gauge that nobody has set', async () => {
  const { text } = await open().scrape();
  expect(text).not.toMatch(/^embedding_studio_model_server_ready \d/m);
});

it('makes one series of all values that a label may not have', async () => {
  const metrics = open();
  const labels = (text: string) => ({ procedure: text, code: 'nonsense' }) as never;
  for (let i = 0; i < 1_000; i++) metrics.count('embedding_studio_procedure_calls_total', labels(`p${i}`));
  const { text } = await metrics.scrape();
  const series = text.split('\n').filter((line) => line.startsWith('embedding_studio_procedure_calls_total{'));
  expect(series).toHaveLength(401);
  expect(series).toContain(
    `embedding_studio_procedure_calls_total{procedure="${otherValue}",code="${otherValue}"} 600`,
  );
});

it('answers a scrape although a look at a store fails or throws', async () => {
  const metrics = open();
  metrics.beforeScrape(() => Promise.reject(new Error('away')));
  metrics.beforeScrape(() => {
    throw new Error('broken');
  });
  metrics.beforeScrape(() => metrics.gauge('embedding_studio_model_server_ready', {}, 1));
  expect((await metrics.scrape()).text).toContain('embedding_studio_model_server_ready 1');
});
