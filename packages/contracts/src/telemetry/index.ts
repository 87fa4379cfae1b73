export * from './metric-catalogue.ts';
export * from './telemetry-metric.ts';
