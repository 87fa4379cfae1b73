import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { nodeCommand } from '../supervisor/node-command.ts';
import type { ServiceSpec } from '../supervisor/service-spec.ts';
import type { Progress } from '../terminal/progress.ts';
import { type Machine, repositoryFolder } from './machine.ts';
import type { NodeServiceOptions } from './node-services.ts';
import { isHttpReady } from './probes.ts';
import { runCommand } from './run-command.ts';

const webFolder = join(repositoryFolder, 'apps/web');
const stampFile = join(webFolder, '.next/studio-stamp');
const buildTimeoutMs = 15 * 60_000;

function findNext(): string {
  return createRequire(join(webFolder, 'package.json')).resolve('next/dist/bin/next');
}

/** Changes when a file that the console's bundle is made of does. */
function sourceStamp(): string {
  const hash = createHash('sha256');
  const folders = ['apps/web/src', 'packages/contracts/src', 'packages/ml/src/ranking', 'packages/stats/src'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(repositoryFolder, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), join(webFolder, 'next.config.ts'), join(repositoryFolder, 'package-lock.json')])
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

/** `next build`, where the sources have changed since the last one. Throws with the end of its output. */
export async function buildConsole(machine: Machine, log: Progress): Promise<void> {
  const stamp = sourceStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  log.say('console: building its pages (once; about a minute)');
  const env = { ...machine.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' as const };
  const options = { cwd: webFolder, env, timeoutMs: buildTimeoutMs };
  const result = await runCommand([process.execPath, findNext(), 'build'], options);
  if (result.code !== 0)
    throw new StudioError(
      'INTERNAL',
      `The console cannot be built:\n${`${result.stdout}\n${result.stderr}`.slice(-4_000)}`,
    );
  writeFileSync(stampFile, stamp);
}

/** `next start`, with the loader under which it reads this repository's packages. */
export function consoleSpec(port: number, options: NodeServiceOptions): ServiceSpec {
  const args = ['start', '--hostname', '127.0.0.1', '--port', String(port)];
  return {
    name: 'console',
    command: nodeCommand(findNext(), args),
    // A port for metrics is the workers' where all run on one machine.
    env: { ...options.env, METRICS_PORT: undefined, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    cwd: webFolder,
    user: null,
    stopSignal: 'SIGTERM',
    readyTimeoutMs: options.readyTimeoutMs,
    isReady: () => isHttpReady(`http://127.0.0.1:${port}/api/health`),
  };
}
