import { openMetricsPort, openProjects, tellOfStudios, tracesOf } from '@embedding-studio/composition';
import { createLog, reportCrashes } from '@embedding-studio/telemetry';
import { openTelemetry } from '@embedding-studio/telemetry/observe';
import product from '../package.json' with { type: 'json' };
import { startHealthServer } from './health-server.ts';
import { readRoles, readSettings } from './settings.ts';
import { startWorkers } from './start-workers.ts';

const settings = readSettings();
const roles = readRoles(process.argv.slice(2));
const { version } = product;
const telemetry = await openTelemetry({ name: 'workers', version, traces: tracesOf(settings) });
const log = createLog({ name: 'workers', level: settings.LOG_LEVEL, traceIds: telemetry.traceIds });
reportCrashes(log);
let isReady = false;
const { HEALTH_HOST: host, HEALTH_PORT: port } = settings;
const health = port === undefined ? null : await startHealthServer({ host, port, isReady: () => isReady });
// Workers look at what they have just written: the primary alone has it.
const projects = await openProjects({ settings: { ...settings, DATABASE_REPLICA_URLS: [] }, log, telemetry });
tellOfStudios(telemetry, projects.studios.values());
const metrics = await openMetricsPort(telemetry, settings);
const running = await Promise.all(
  [...projects.studios.values()].map(({ deps, queueConnection: connection }) =>
    startWorkers({ deps, connection, roles, sweepIntervalMs: settings.SWEEP_INTERVAL_MS, version }),
  ),
);
isReady = true;
process.stdout.write(`${JSON.stringify({ ready: true, roles, ...(metrics && { metrics: metrics.url }) })}\n`);
log.info({ roles, metrics: metrics?.url }, 'workers run');

async function stop(signal: string): Promise<void> {
  log.info({ signal, workers: running.map((workers) => workers.status()) }, 'workers stop');
  isReady = false;
  await Promise.all(running.map((workers) => workers.close(settings.SHUTDOWN_GRACE_MS)));
  await projects.close();
  await health?.close();
  await metrics?.close();
  await telemetry.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));
