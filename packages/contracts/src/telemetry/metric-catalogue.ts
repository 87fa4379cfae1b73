import { modelMetrics } from './model-metrics.ts';
import { requestMetrics } from './request-metrics.ts';
import { stateMetrics } from './state-metrics.ts';
import type { TelemetryMetric } from './telemetry-metric.ts';
import { workMetrics } from './work-metrics.ts';

/** Every metric that the product's own code measures; docs/observability.md is checked against it. */
export const metricCatalogue = { ...requestMetrics, ...modelMetrics, ...workMetrics, ...stateMetrics } as const;

type Catalogue = typeof metricCatalogue;
export type MetricName = keyof Catalogue;
type NamesOf<T extends TelemetryMetric['type']> = {
  [N in MetricName]: Catalogue[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

type LabelValue<B> = B extends readonly (infer V extends string)[] ? V : string;
/** The labels of a metric with the values that each may have. */
export type LabelsOf<N extends MetricName> = {
  -readonly [L in keyof Catalogue[N]['labels']]: LabelValue<Catalogue[N]['labels'][L]>;
};
