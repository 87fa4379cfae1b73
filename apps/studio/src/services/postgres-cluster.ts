import { accessSync, chownSync, constants, existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import type { ServiceSpec } from '../supervisor/service-spec.ts';
import type { PostgresPrograms } from './find-postgres.ts';
import { findPlacedFolder, type Owner, placeFolder } from './place-folder.ts';
import { isPostgresReady } from './probes.ts';
import { runChecked } from './run-command.ts';
import { readOrMakeSecret } from './secret-file.ts';
import { findServiceUser, isRoot } from './service-user.ts';

export interface ClusterOptions {
  /** Folder of all state; the cluster goes into `postgres` below it. */
  folder: string;
  programs: PostgresPrograms;
  port: number;
  /** The most at once. */
  connections: number;
  /** False gives up safety against power loss for speed: for tests only. */
  durable: boolean;
  env: NodeJS.ProcessEnv;
  readyTimeoutMs: number;
}

const role = 'studio';
const smallSharedMemoryBytes = 512 * 1024 * 1024;

/** Major version of the cluster that exists under the folder, or null. */
export function readClusterMajor(folder: string): number | null {
  const place = findPlacedFolder(join(folder, 'postgres'));
  if (!existsSync(place)) return null;
  try {
    accessSync(place, constants.R_OK | constants.X_OK);
  } catch {
    const advice = 'run as that user, or set STUDIO_FOLDER to a folder of your own';
    throw new StudioError('STORE_UNAVAILABLE', `The database in ${place} belongs to another user: ${advice}.`);
  }
  const path = join(place, 'PG_VERSION');
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : null;
}

function ownerOfCluster(): Owner | null {
  const owner = findServiceUser('postgres');
  if (owner === null && isRoot())
    throw new StudioError(
      'STORE_UNAVAILABLE',
      'PostgreSQL refuses to run as root, and there is no user postgres: run ./studio as an ordinary user.',
    );
  return owner;
}

/** Parallel index builds keep their graph in shared memory, of which containers often have 64 MB only. */
function sharedMemorySettings(): string[] {
  try {
    const { blocks, bsize } = statfsSync('/dev/shm');
    return blocks * bsize < smallSharedMemoryBytes ? ['dynamic_shared_memory_type=mmap'] : [];
  } catch {
    return ['dynamic_shared_memory_type=mmap'];
  }
}

function settingsOf({ port, connections, durable }: ClusterOptions): string[] {
  const always = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${connections}`,
    'shared_buffers=256MB',
    'maintenance_work_mem=256MB',
    'max_wal_size=2GB',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_line_prefix=%m [%p] ',
    ...sharedMemorySettings(),
  ];
  return durable ? always : [...always, 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
}

async function makeCluster(place: string, options: ClusterOptions, run: { password: string; owner: Owner | null }) {
  const { password, owner } = run;
  const data = join(place, 'data');
  const passwordFile = join(place, 'password.part');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner !== null) chownSync(passwordFile, owner.uid, owner.gid);
  const as = {
    cwd: place,
    env: options.env,
    timeoutMs: 120_000,
    ...(owner === null ? {} : { uid: owner.uid, gid: owner.gid }),
  };
  const cluster = [
    '-D',
    data,
    '-U',
    role,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--auth=scram-sha-256',
    '--data-checksums',
  ];
  try {
    await runChecked(
      [join(options.programs.bin, 'initdb'), ...cluster, '--no-instructions', `--pwfile=${passwordFile}`],
      as,
    );
    const single = [join(options.programs.bin, 'postgres'), '--single', '-D', data];
    await runChecked([...single, 'postgres'], { ...as, input: `create database ${role};\n` });
    const made = await runChecked([...single, '-j', role], { ...as, input: 'create extension vector;\n\n' });
    if (made.includes('ERROR')) throw new StudioError('STORE_UNAVAILABLE', `pgvector does not load:\n${made}`);
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(join(place, 'PG_VERSION'), `${options.programs.major}\n`);
}

/** Makes the private cluster on the first call; gives the program to supervise and the address with its password. */
export async function preparePostgres(options: ClusterOptions): Promise<{ spec: ServiceSpec; url: string }> {
  const owner = ownerOfCluster();
  const password = readOrMakeSecret(join(options.folder, 'postgres.password'));
  const place = placeFolder(join(options.folder, 'postgres'), owner);
  // The version file comes last: without it the making was cut off, and what there is can be thrown away.
  if (!existsSync(join(place, 'PG_VERSION'))) {
    rmSync(join(place, 'data'), { recursive: true, force: true });
    await makeCluster(place, options, { password, owner });
  }
  const settings = settingsOf(options).flatMap((setting) => ['-c', setting]);
  const spec: ServiceSpec = {
    name: 'postgres',
    command: [join(options.programs.bin, 'postgres'), '-D', join(place, 'data'), ...settings],
    env: options.env,
    cwd: place,
    user: owner,
    stopSignal: 'SIGINT',
    isReady: () => isPostgresReady('127.0.0.1', options.port),
    readyTimeoutMs: options.readyTimeoutMs,
  };
  return { spec, url: `postgres://${role}:${password}@127.0.0.1:${options.port}/${role}` };
}
