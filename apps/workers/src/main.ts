import { openProjects } from '@embedding-studio/composition';
import { createLog } from '@embedding-studio/telemetry';
import product from '../package.json' with { type: 'json' };
import { startHealthServer } from './health-server.ts';
import { readRoles, readSettings } from './settings.ts';
import { startWorkers } from './start-workers.ts';

const settings = readSettings();
const roles = readRoles(process.argv.slice(2));
const log = createLog({ name: 'workers', level: settings.LOG_LEVEL });
let isReady = false;
const { HEALTH_HOST: host, HEALTH_PORT: port } = settings;
const health = port === undefined ? null : await startHealthServer({ host, port, isReady: () => isReady });
const projects = await openProjects({ settings, log });
const running = await Promise.all(
  [...projects.studios.values()].map(({ deps, queueConnection: connection }) =>
    startWorkers({ deps, connection, roles, sweepIntervalMs: settings.SWEEP_INTERVAL_MS, version: product.version }),
  ),
);
isReady = true;
process.stdout.write(`${JSON.stringify({ ready: true, roles })}\n`);
log.info({ roles }, 'workers run');

async function stop(signal: string): Promise<void> {
  log.info({ signal, workers: running.map((workers) => workers.status()) }, 'workers stop');
  isReady = false;
  await Promise.all(running.map((workers) => workers.close(settings.SHUTDOWN_GRACE_MS)));
  await projects.close();
  await health?.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));
