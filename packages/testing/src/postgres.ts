import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { createPool, migratePostgres, openPostgres, type PostgresStores } from '@embedding-studio/db/postgres';

const run = promisify(execFile);
const template = 'studio_template';
const startTimeoutMs = 60_000;

export interface TestPostgres {
  /** A database of its own, migrated and empty. */
  url: string;
  stores: PostgresStores;
  /** Closes the stores and drops the database. */
  stop(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
  HOME: string;
}

/** PostgreSQL refuses to run as root: the account `postgres` that its package makes runs it then. */
async function findAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid, , home] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('Tests as root need an account named postgres');
  return { uid: Number(uid), gid: Number(gid), HOME: home ?? '/' };
}

async function findBinaries(): Promise<string> {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? await readdir(root) : [];
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'));
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
  if (found !== undefined) return found;
  const { stdout } = await run('pg_config', ['--bindir'], { timeout: 10_000 });
  return stdout.trim();
}

async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Ends the cluster and removes its folder when the test run, however it ends, is gone. */
function watchOwner(target: { folder: string; owner: number; server: number }): void {
  const script = `while kill -0 ${target.owner} 2>/dev/null; do sleep 1; done
kill -INT ${target.server}; sleep 1; rm -rf "$1"`;
  spawn('sh', ['-c', script, 'sh', target.folder], { detached: true, stdio: 'ignore' }).unref();
}

async function waitUntilUp(url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 5_000 });
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await setTimeout(50);
    } finally {
      await pool.end();
    }
  }
}

async function startCluster(folder: string, owner: number): Promise<string> {
  const account = await findAccount();
  const binaries = await findBinaries();
  const as =
    account === null ? {} : { uid: account.uid, gid: account.gid, env: { ...process.env, HOME: account.HOME } };
  const cluster = join(folder, 'cluster');
  await mkdir(cluster, { mode: 0o700 });
  if (account !== null) await chown(cluster, account.uid, account.gid);
  await run(
    join(binaries, 'initdb'),
    ['-D', cluster, '-U', 'studio', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    {
      ...as,
      cwd: cluster,
      timeout: startTimeoutMs,
    },
  );
  const port = await findFreePort();
  const settings = [
    ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=128MB'],
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, 'logging_collector=off'],
  ];
  const server = spawn(join(binaries, 'postgres'), ['-D', cluster, ...settings.flatMap((each) => ['-c', each])], {
    ...as,
    cwd: cluster,
    detached: true,
    stdio: 'ignore',
  });
  server.unref();
  if (server.pid === undefined) throw new Error('PostgreSQL did not start');
  watchOwner({ folder, owner, server: server.pid });
  const url = `postgres://studio@127.0.0.1:${port}/postgres`;
  await waitUntilUp(url);
  return url;
}

function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function runAdmin(url: string, statement: string): Promise<void> {
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 30_000 });
  try {
    await pool.query(statement);
  } finally {
    await pool.end();
  }
}

async function makeTemplate(url: string, name: string): Promise<void> {
  await runAdmin(url, `CREATE DATABASE "${name}"`);
  const pool = createPool({ url: databaseUrl(url, name), poolMax: 1, statementTimeoutMs: 30_000 });
  try {
    await migratePostgres(pool);
  } finally {
    await pool.end();
  }
}

/** The first test file of a run starts the cluster and migrates the template; the others wait for it. */
async function findRunCluster(): Promise<{ url: string; template: string }> {
  const owner = isMainThread ? process.ppid : process.pid;
  const folder = join(tmpdir(), `studio-test-postgres-${owner}`);
  const note = join(folder, 'url');
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    try {
      const url = await startCluster(folder, owner);
      await makeTemplate(url, template);
      await writeFile(`${note}.new`, url);
      await rename(`${note}.new`, note);
      return { url, template };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
  const deadline = Date.now() + startTimeoutMs;
  while (!existsSync(note)) {
    if (Date.now() > deadline) throw new Error(`No PostgreSQL came up in ${folder}`);
    await setTimeout(50);
  }
  return { url: await readFile(note, 'utf8'), template };
}

const known = new Map<string, Promise<{ url: string; template: string }>>();

/** A cluster given by the environment keeps nothing: the template's name is this process's own. */
async function useGivenCluster(url: string): Promise<{ url: string; template: string }> {
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await makeTemplate(url, name);
  return { url, template: name };
}

function findCluster(): Promise<{ url: string; template: string }> {
  const given = process.env.STUDIO_TEST_POSTGRES_URL ?? '';
  const cluster = known.get(given) ?? (given === '' ? findRunCluster() : useGivenCluster(given));
  known.set(given, cluster);
  return cluster;
}

/**
 * A migrated, empty database in a throw-away cluster that all test files of a run share
 * (or in the cluster that STUDIO_TEST_POSTGRES_URL names; its role must be allowed to create databases).
 */
export async function startTestPostgres(options: { poolMax?: number } = {}): Promise<TestPostgres> {
  const cluster = await findCluster();
  const database = `test_${randomBytes(8).toString('hex')}`;
  // Cloning needs the template to itself for a moment; files that start together take turns by trying again.
  for (let attempt = 0; ; attempt++) {
    try {
      await runAdmin(cluster.url, `CREATE DATABASE "${database}" TEMPLATE "${cluster.template}"`);
      break;
    } catch (error) {
      if (attempt >= 50) throw error;
      await setTimeout(100);
    }
  }
  const url = databaseUrl(cluster.url, database);
  const stores = await openPostgres({ url, poolMax: options.poolMax ?? 10, statementTimeoutMs: 60_000 });
  return {
    url,
    stores,
    async stop() {
      await stores.close();
      await runAdmin(cluster.url, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    },
  };
}
