import { join } from 'node:path';
import { openProjects, tellOfStudios, tracesOf } from '@embedding-studio/composition';
import { createLog, reportCrashes } from '@embedding-studio/telemetry';
import { openTelemetry } from '@embedding-studio/telemetry/observe';
import product from '../package.json' with { type: 'json' };
import { createGateway } from './server.ts';
import { readSettings } from './settings.ts';
import { openSpools } from './spool/open-spools.ts';

const settings = readSettings();
const { version } = product;
const telemetry = await openTelemetry({ name: 'gateway', version, traces: tracesOf(settings) });
const log = createLog({ name: 'gateway', level: settings.LOG_LEVEL, traceIds: telemetry.traceIds });
reportCrashes(log);
const opened = await openProjects({ settings, log, telemetry, documentsMayBeAway: true });
tellOfStudios(telemetry, opened.studios.values());
const { first } = opened;
const spools = await openSpools(new Map([...opened.studios].map(([slug, { deps }]) => [slug, deps])), {
  settings: {
    folder: settings.SPOOL_FOLDER ?? join(settings.WORK_FOLDER, 'spool'),
    bytesMax: settings.SPOOL_MEGABYTES * 1024 * 1024,
  },
  telemetry,
});
const limits = {
  keys: first.openRateLimiter('keys'),
  keyRequestsPerMinute: settings.KEY_REQUESTS_PER_MINUTE,
  failures: first.openRateLimiter('failures'),
  failuresPerMinute: settings.FAILED_KEYS_PER_MINUTE,
};
const app = createGateway({
  projects: spools.projects,
  limits,
  bodyBytesMax: settings.BODY_BYTES_MAX,
  jsonDepthMax: settings.JSON_DEPTH_MAX,
  trustedProxies: settings.TRUSTED_PROXIES,
  corsOrigins: settings.CORS_ORIGINS,
  requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
  version,
  metrics: { telemetry, token: settings.METRICS_TOKEN ?? null },
});
const url = await app.listen({ host: settings.GATEWAY_HOST, port: settings.GATEWAY_PORT });
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
log.info({ url }, 'gateway listens');

async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'gateway stops');
  await app.close();
  await spools.close();
  await Promise.all([limits.keys.close(), limits.failures.close()]);
  await opened.close();
  await telemetry.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));
