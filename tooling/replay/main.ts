import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServices } from '../../apps/studio/src/services/start-services.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { readStages } from './read-stages.ts';
import { type Replay, replayStage } from './replay-stage.ts';
import { startImage } from './start-image.ts';

const usage = `npm run replay:images -- [--images LIST] [--keep]

Carries out the steps of docker/Dockerfile in a temporary folder with this machine's Node.js, and starts each image's own
command until its own health check passes. The stores are those of ./studio, embedded. Shows that the packages of
\`npm ci --omit=dev --ignore-scripts --workspace …\` and the copied files are enough; not: base images, users, GPUs.

  --images LIST  of model-server, gateway, workers, web (a minute more); the first three if left out
  --keep         leave the folder`;

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: 'model-server,gateway,workers' },
    keep: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

const context = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const scratch = mkdtempSync(join(tmpdir(), 'studio-replay-'));
const say = (line: string) => process.stdout.write(`${line}\n`);
const stages = readStages(readFileSync(join(context, 'docker/Dockerfile'), 'utf8'));
const replay: Replay = { context, scratch, stages, done: new Map(), say };

function findFreePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const names = values.images.split(',');
const state = join(scratch, 'state');
const ports = { '8000': 0, '8300': 0, '8301': 0, '8310': 0, '8320': 0, '8002': 0 };
for (const port of Object.keys(ports) as (keyof typeof ports)[]) ports[port] = await findFreePort();

try {
  for (const name of names) replayStage(name, replay);
  const running = await startServices({
    folder: state,
    which: ['postgres', 'queue', 'documents'],
    log: createProgress(),
    durable: false,
  });
  const { GATEWAY_PORT: _port, ...found } = running.variables;
  const variables = {
    ...found,
    TRITON_URL: `http://127.0.0.1:${ports['8000']}`,
    CONSOLE_URL: `http://127.0.0.1:${ports['8301']}`,
    CONSOLE_SECRET: 'a secret of a rehearsal, thirty-two characters',
  };
  const started = [];
  try {
    for (const name of names) {
      const image = replayStage(name, replay);
      const own = {
        ...image,
        command: image.command.map((word) => (word === '/data/models' ? join(state, 'models') : word)),
      };
      // Each container has an address of its own; here they share one.
      const process = await startImage(own, { variables, ports: { ...ports, '8320': await findFreePort() } });
      started.push({ name, process });
      const { secondsToHealthy, residentMegabytes, rootMegabytes } = process;
      say(
        `${name}: healthy after ${secondsToHealthy.toFixed(1)} s, ${residentMegabytes} MB resident, files ${rootMegabytes} MB`,
      );
    }
  } finally {
    for (const { name, process } of started.reverse()) {
      const code = await process.stop();
      say(`${name}: ended with ${code}`);
      // Next.js passes on that it was asked to end: 128 and the number of SIGTERM.
      if (code !== 0 && code !== 143) globalThis.process.exitCode = 1;
    }
    await running.stop();
  }
} finally {
  if (values.keep) say(`left: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
}
