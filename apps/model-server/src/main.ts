import { parseArgs } from 'node:util';
import { openMetricsPort, tracesOf } from '@embedding-studio/composition/telemetry-settings';
import { StudioError } from '@embedding-studio/contracts';
import { startModelServer } from '@embedding-studio/integrations/model-server';
import { createLog, reportCrashes } from '@embedding-studio/telemetry';
import { openTelemetry } from '@embedding-studio/telemetry/observe';
import product from '../package.json' with { type: 'json' };
import { readSettings } from './settings.ts';

const usage = `Embedded model server: KServe v2 over HTTP and gRPC on onnxruntime-node.

  --port N            port on --host (default 0: a free one)
  --grpc-port N       also gRPC, on this port (default: none; 0: a free one)
  --host ADDRESS      default 127.0.0.1
  --repository DIR    folder of models, <name>/1/model.onnx (required)
  --threads N         threads inside one run (default 2)
  --models-max N      models loaded at once (default 8)
  --providers LIST    execution providers in order (default cpu)
  --metrics-port N    GET /metrics on this port (default: METRICS_PORT, else none; 0: a free one)
  --metrics-host ADDR default METRICS_HOST, else 127.0.0.1
  --help              this text

METRICS_TOKEN and the OTEL_* variables are read from the environment.
Prints one line of JSON, {"ready":true,"url":…,"grpc":…}, once it listens.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'grpc-port': { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    repository: { type: 'string' },
    threads: { type: 'string', default: '2' },
    'models-max': { type: 'string', default: '8' },
    providers: { type: 'string', default: 'cpu' },
    'metrics-port': { type: 'string' },
    'metrics-host': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new StudioError('SETTINGS_INVALID', `--${name} must be a whole number, got "${text}".`);
}

if (values.help || !values.repository) {
  process.stdout.write(`${usage}\n`);
  process.exit(values.help ? 0 : 2);
}

const settings = readSettings();
reportCrashes(createLog({ name: 'model-server', level: 'info' }));
const telemetry = await openTelemetry({ name: 'model-server', version: product.version, traces: tracesOf(settings) });
const metricsPort = values['metrics-port'];
const metrics = await openMetricsPort(telemetry, {
  ...settings,
  ...(metricsPort !== undefined && { METRICS_PORT: wholeNumber('metrics-port', metricsPort) }),
  ...(values['metrics-host'] !== undefined && { METRICS_HOST: values['metrics-host'] }),
});
const grpcPort = values['grpc-port'];
const server = await startModelServer({
  telemetry,
  host: values.host,
  port: wholeNumber('port', values.port),
  ...(grpcPort !== undefined && { grpcPort: wholeNumber('grpc-port', grpcPort) }),
  repositoryFolder: values.repository,
  threads: wholeNumber('threads', values.threads),
  executionProviders: values.providers.split(','),
  batchRowsMax: 16,
  queueMax: 1_000,
  modelsMax: wholeNumber('models-max', values['models-max']),
  bodyBytesMax: 64 * 1024 * 1024,
});
const addresses = { url: server.url, ...(server.grpcUrl && { grpc: server.grpcUrl }) };
process.stdout.write(`${JSON.stringify({ ready: true, ...addresses, ...(metrics && { metrics: metrics.url }) })}\n`);

async function stop(): Promise<void> {
  await server.close();
  await metrics?.close();
  await telemetry.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
