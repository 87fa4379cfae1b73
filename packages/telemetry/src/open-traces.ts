import { AsyncLocalStorage } from 'node:async_hooks';
import { isStudioError, type OpenSpan, type SpanRequest, type Telemetry } from '@embedding-studio/contracts';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { readTraceparent, writeTraceparent } from './trace-context.ts';

export interface TraceExport {
  /** Base URL of an OTLP receiver over HTTP; traces go to `/v1/traces` below it, as JSON. */
  endpoint: string;
  /** Sent with every export. */
  headers: Record<string, string>;
  /** Share of traces that are kept, 0 to 1. */
  ratio: number;
  /** For one export, tries included, milliseconds. */
  timeoutMs?: number;
}

export interface Traces extends Pick<Telemetry, 'trace' | 'traceparent' | 'traceIds'> {
  /** Sends what is still kept back; ends within seconds. */
  close(): Promise<void>;
}

const endMs = 3_000;

const kinds = {
  ...{ internal: SpanKind.INTERNAL, server: SpanKind.SERVER },
  ...{ client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER },
};

/** Spans of this process, exported in batches. The open span follows the code through every await. */
export function openTraces(exporting: TraceExport, service: { name: string; version: string }): Traces {
  const provider = openProvider(exporting, service);
  const tracer = provider.getTracer('embedding-studio', service.version);
  const contexts = new AsyncLocalStorage<Context>();
  const current = (): Context => contexts.getStore() ?? ROOT_CONTEXT;
  return {
    async trace(request, work) {
      const parent = parentOf(request, current());
      const { name, kind = 'internal', attributes } = request;
      if (!mayBegin(kind) && trace.getSpanContext(parent) === undefined) return work(untraced);
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parent);
      try {
        return await contexts.run(trace.setSpan(parent, span), () => work(describing(span)));
      } catch (error) {
        failSpan(span, isStudioError(error) ? error.code : nameOf(error));
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent: () => {
      const context = trace.getSpanContext(current());
      return context && writeTraceparent(context);
    },
    traceIds: () => {
      const context = trace.getSpanContext(current());
      return context && { traceId: context.traceId, spanId: context.spanId };
    },
    close: async () => {
      // A receiver that is away must not hold up the end of the process.
      const late = new Promise((resolve) => setTimeout(resolve, endMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

/** One choice per trace, by its id: callers from outside can join a trace, and cannot make us keep it. */
function openProvider(
  { endpoint, headers, ratio, timeoutMs = 5_000 }: TraceExport,
  service: { name: string; version: string },
) {
  const chosen = new TraceIdRatioBasedSampler(ratio);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  return new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'embedding-studio',
      'service.name': service.name,
      'service.version': service.version,
    }),
    sampler: new ParentBasedSampler({ root: chosen, remoteParentSampled: chosen }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, headers, timeoutMillis: timeoutMs }),
        ...{ scheduledDelayMillis: 2_000, exportTimeoutMillis: timeoutMs + 1_000 },
      }),
    ],
  });
}

const untraced: OpenSpan = { describe: () => undefined, fail: () => undefined };

/** What processes do by themselves every second, such as looking for due tasks, is no trace worth keeping. */
function mayBegin(kind: NonNullable<SpanRequest['kind']>): boolean {
  return kind === 'server' || kind === 'consumer';
}

function parentOf({ traceparent }: SpanRequest, current: Context): Context {
  const remote = readTraceparent(traceparent);
  return remote === null ? current : trace.setSpanContext(current, remote);
}

function describing(span: Span): OpenSpan {
  return {
    describe: (attributes) => void span.setAttributes(attributes),
    fail: (code) => failSpan(span, code),
  };
}

/** Codes only: messages of errors may hold what was asked. */
function failSpan(span: Span, code: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', code);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
