export { boundLabels, otherValue } from './bound-labels.ts';
export { type HttpLabels, httpLabels } from './http-labels.ts';
export { type MetricsToken, mayReadMetrics } from './metrics-access.ts';
export { type Metrics, metricPrefix, openMetrics } from './open-metrics.ts';
export { openTelemetry, type ProcessTelemetry, type TelemetryOptions } from './open-telemetry.ts';
export type { TraceExport } from './open-traces.ts';
export { type MetricsServer, serveMetrics } from './serve-metrics.ts';
