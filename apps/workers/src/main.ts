import { openProjects } from '@embedding-studio/composition';
import { createLog } from '@embedding-studio/telemetry';
import product from '../package.json' with { type: 'json' };
import { readRoles, readSettings } from './settings.ts';
import { startWorkers } from './start-workers.ts';

const settings = readSettings();
const roles = readRoles(process.argv.slice(2));
const log = createLog({ name: 'workers', level: settings.LOG_LEVEL });
const projects = await openProjects({ settings, log });
const running = await Promise.all(
  [...projects.studios.values()].map(({ deps, queueConnection: connection }) =>
    startWorkers({ deps, connection, roles, sweepIntervalMs: settings.SWEEP_INTERVAL_MS, version: product.version }),
  ),
);
process.stdout.write(`${JSON.stringify({ ready: true, roles })}\n`);
log.info({ roles }, 'workers run');

async function stop(signal: string): Promise<void> {
  log.info({ signal, workers: running.map((workers) => workers.status()) }, 'workers stop');
  await Promise.all(running.map((workers) => workers.close(settings.SHUTDOWN_GRACE_MS)));
  await projects.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));
