import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceSpec } from '../supervisor/service-spec.ts';
import { compareVersions } from './compare-versions.ts';
import { findProgram } from './find-program.ts';
import { placeFolder } from './place-folder.ts';
import { isRedisReady } from './probes.ts';
import { runCommand } from './run-command.ts';
import { readOrMakeSecret } from './secret-file.ts';
import { findServiceUser } from './service-user.ts';

export const oldestRedis = '6.2.0';

export interface RedisProgram {
  path: string;
  version: string;
}

/** A redis-server or valkey-server new enough for the queue, or null. */
export async function findRedis(searchPath: string): Promise<RedisProgram | null> {
  const path = findProgram(['redis-server', 'valkey-server'], searchPath);
  if (path === null) return null;
  const { stdout } = await runCommand([path, '--version'], { timeoutMs: 10_000 });
  const version = /v=(\d+(\.\d+)*)/.exec(stdout)?.[1];
  return version === undefined || compareVersions(version, oldestRedis) < 0 ? null : { path, version };
}

export interface RedisOptions {
  folder: string;
  program: RedisProgram;
  port: number;
  durable: boolean;
  env: NodeJS.ProcessEnv;
  readyTimeoutMs: number;
}

function configuration({ port, durable }: RedisOptions, folder: string, password: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    `requirepass ${password}`,
    `dir "${folder}"`,
    'daemonize no',
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'appendfsync everysec',
    // A log cut off by a hard end is loaded up to the cut.
    'aof-load-truncated yes',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** Writes the instance's configuration; gives the program to supervise and the address with its password. */
export function prepareRedis(options: RedisOptions): { spec: ServiceSpec; url: string } {
  const owner = findServiceUser('redis');
  const password = readOrMakeSecret(join(options.folder, 'redis.password'));
  const place = placeFolder(join(options.folder, 'redis'), owner);
  const conf = join(place, 'redis.conf');
  writeFileSync(conf, configuration(options, place, password), { mode: 0o600 });
  if (owner !== null) chownSync(conf, owner.uid, owner.gid);
  const spec: ServiceSpec = {
    name: 'redis',
    command: [options.program.path, conf],
    env: options.env,
    cwd: place,
    user: owner,
    stopSignal: 'SIGTERM',
    isReady: () => isRedisReady(options.port, password),
    readyTimeoutMs: options.readyTimeoutMs,
  };
  return { spec, url: `redis://:${password}@127.0.0.1:${options.port}/0` };
}
