import { type MetricName, metricCatalogue, type Telemetry, type TelemetryMetric } from '@embedding-studio/contracts';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { boundLabels } from './bound-labels.ts';

export const metricPrefix = 'embedding_studio_';

export interface Metrics extends Pick<Telemetry, 'count' | 'observe' | 'gauge'> {
  /** Reads something for gauges whenever somebody scrapes; a read that fails is left out. */
  beforeScrape(read: () => Promise<void> | void): void;
  /** Prometheus' text format. */
  scrape(): Promise<Exposition>;
  close(): void;
}

export interface Exposition {
  contentType: string;
  text: string;
}

interface Measured {
  labels: (given: Record<string, string>) => Record<string, string>;
  metric: Counter | Gauge | Histogram;
}

/** A registry of its own with every metric of the catalogue, and those of the process and of Node. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: metricPrefix });
  const measured = new Map<MetricName, Measured>();
  for (const [name, definition] of Object.entries(metricCatalogue)) {
    const metric = createMetric({ name, definition, registry });
    measured.set(name as MetricName, { metric, labels: boundLabels(definition) });
  }
  const reads: (() => Promise<void> | void)[] = [];
  const find = (name: MetricName, given: Record<string, string>) => {
    const found = measured.get(name);
    return { metric: found?.metric, labels: found?.labels(given) ?? {} };
  };
  return {
    count(name, given, by = 1) {
      const { metric, labels } = find(name, given);
      if (metric instanceof Counter) metric.inc(labels, by);
    },
    observe(name, given, value) {
      const { metric, labels } = find(name, given);
      if (metric instanceof Histogram) metric.observe(labels, value);
    },
    gauge(name, given, value) {
      const { metric, labels } = find(name, given);
      if (metric instanceof Gauge) metric.set(labels, value);
    },
    beforeScrape: (read) => void reads.push(read),
    async scrape() {
      await Promise.allSettled(reads.map(async (read) => read()));
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    close: () => registry.clear(),
  };
}

function createMetric({
  name,
  definition,
  registry,
}: {
  name: string;
  definition: TelemetryMetric;
  registry: Registry;
}): Measured['metric'] {
  const labelNames = Object.keys(definition.labels);
  const base = { name, help: definition.help, labelNames, registers: [registry] };
  if (definition.type === 'counter') return new Counter(base);
  if (definition.type === 'gauge') return withoutValue(new Gauge(base), labelNames);
  return new Histogram({ ...base, buckets: [...(definition.buckets ?? [])] });
}

/** A gauge without labels begins at 0, which would be told although nobody has looked. */
function withoutValue(gauge: Gauge, labelNames: string[]): Gauge {
  if (labelNames.length === 0) gauge.remove();
  return gauge;
}
