import {
  type MetricsServer,
  type ProcessTelemetry,
  serveMetrics,
  type TraceExport,
} from '@embedding-studio/telemetry/observe';
import { z } from 'zod';

const Headers = z
  .string()
  .default('')
  .transform((list, check) => {
    const pairs = list.split(',').filter((pair) => pair.trim() !== '');
    const entries = pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) check.addIssue('must be name=value pairs, separated by commas');
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    });
    return Object.fromEntries(entries) as Record<string, string>;
  });

/** OpenTelemetry's own names, so that what a team has set up is used as it is. */
export const telemetryFragment = z.object({
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token that GET /metrics asks for, 16 characters or more; without it only this machine may read.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('OTLP receiver over HTTP that traces are sent to, as JSON; nothing is traced without it.'),
  OTEL_EXPORTER_OTLP_HEADERS: Headers.describe('Sent with every export: name=value pairs, separated by commas.'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of traces that are kept, 0 to 1.'),
});

/** For processes whose own port is for other things, or who have none. */
export const metricsPortFragment = z.object({
  METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Workers, console and model server answer GET /metrics here; unset: they do not. 0 picks a free port.'),
  METRICS_HOST: z.string().min(1).default('127.0.0.1').describe('Address that METRICS_PORT is opened on.'),
});

/** null: nothing is traced. */
export function tracesOf(settings: z.infer<typeof telemetryFragment>): TraceExport | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = settings;
  if (endpoint === undefined) return null;
  return { endpoint, headers, ratio: settings.OTEL_TRACES_SAMPLER_ARG };
}

type PortSettings = z.infer<typeof metricsPortFragment> & Pick<z.infer<typeof telemetryFragment>, 'METRICS_TOKEN'>;

/** null where no port is set. @throws StudioError SETTINGS_INVALID where it is taken */
export async function openMetricsPort(
  telemetry: Pick<ProcessTelemetry, 'scrape'>,
  settings: PortSettings,
): Promise<MetricsServer | null> {
  const { METRICS_HOST: host, METRICS_PORT: port, METRICS_TOKEN: token = null } = settings;
  return port === undefined ? null : serveMetrics({ telemetry, host, port, token });
}
