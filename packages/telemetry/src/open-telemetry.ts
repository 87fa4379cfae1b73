import { noTelemetry, type Telemetry } from '@embedding-studio/contracts';
import { type Metrics, openMetrics } from './open-metrics.ts';
import type { TraceExport } from './open-traces.ts';

export interface TelemetryOptions {
  /** Name of the process, as in its log lines. */
  name: string;
  version: string;
  /** null: nothing is traced, and no tracing code is loaded. */
  traces: TraceExport | null;
}

export interface ProcessTelemetry extends Telemetry, Pick<Metrics, 'beforeScrape' | 'scrape'> {
  close(): Promise<void>;
}

/** One per process: its metrics, and its traces where they are wanted. */
export async function openTelemetry({ name, version, traces }: TelemetryOptions): Promise<ProcessTelemetry> {
  const metrics = openMetrics();
  const opened = traces === null ? null : (await import('./open-traces.ts')).openTraces(traces, { name, version });
  const { trace, traceparent, traceIds } = opened ?? noTelemetry;
  const { count, observe, gauge, beforeScrape, scrape } = metrics;
  return {
    ...{ trace, traceparent, traceIds, count, observe, gauge, beforeScrape, scrape },
    close: async () => {
      await opened?.close();
      metrics.close();
    },
  };
}
