import { openStudio } from '@embedding-studio/composition';
import { createLog } from '@embedding-studio/telemetry';
import { createGateway } from './server.ts';
import { readSettings } from './settings.ts';

const settings = readSettings();
const log = createLog({ name: 'gateway', level: settings.LOG_LEVEL });
const studio = await openStudio({ settings, log });
const app = createGateway({
  deps: studio.deps,
  bodyBytesMax: settings.BODY_BYTES_MAX,
  requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
  version: '0.1.0',
});
const url = await app.listen({ host: settings.GATEWAY_HOST, port: settings.GATEWAY_PORT });
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
log.info({ url }, 'gateway listens');

async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'gateway stops');
  await app.close();
  await studio.close();
  process.exit(0);
}
process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));
