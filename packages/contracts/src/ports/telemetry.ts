import type { CounterName, GaugeName, HistogramName, LabelsOf } from '../telemetry/metric-catalogue.ts';

/** Names, numbers and codes. Never a query, a key, an id of a person or a payload: spans leave the installation. */
export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanRequest {
  /** From a small set: a route template, a procedure, a job. */
  name: string;
  /** Default: internal. Only `server` and `consumer` begin a trace; the others are left out where none is open. */
  kind?: 'internal' | 'server' | 'client' | 'consumer';
  attributes?: SpanAttributes;
  /** W3C trace context of who asked for the work, from a header or a document; what is none is ignored. */
  traceparent?: string | null;
}

export interface OpenSpan {
  /** Adds what is known only later. */
  describe(attributes: SpanAttributes): void;
  /** The work ended without throwing, and still failed. */
  fail(code: string): void;
}

export interface TraceIds {
  traceId: string;
  spanId: string;
}

/** What the process tells of itself while it works: metrics and traces. Costs next to nothing where nobody listens. */
export interface Telemetry {
  /** Runs work inside a span, as part of the one that is open already; an error ends it as failed. */
  trace<T>(span: SpanRequest, work: (span: OpenSpan) => Promise<T>): Promise<T>;
  /** W3C trace context of the open span, to be sent along; undefined where nothing is traced. */
  traceparent(): string | undefined;
  traceIds(): TraceIds | undefined;
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number): void;
  /** In the unit that the metric is named after. */
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void;
  gauge<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void;
}

const closedSpan: OpenSpan = { describe: () => undefined, fail: () => undefined };

/** For whoever wants to know nothing: tools, benchmarks, tests. */
export const noTelemetry: Telemetry = {
  trace: (_span, work) => work(closedSpan),
  ...{ traceparent: () => undefined, traceIds: () => undefined },
  ...{ count: () => undefined, observe: () => undefined, gauge: () => undefined },
};
