import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createPool } from '@embedding-studio/db/postgres';

const run = promisify(execFile);
export const startTimeoutMs = 60_000;

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

export async function findFreePort(): Promise<number> {
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

export interface Cluster {
  url: string;
  /** Of the postmaster. */
  pid: number;
}

async function findRunAs() {
  const account = await findAccount();
  if (account === null) return { account, as: {} };
  return { account, as: { uid: account.uid, gid: account.gid, env: { ...process.env, HOME: account.HOME } } };
}

/** Runs a program of PostgreSQL that fills the folder of a new cluster. */
async function makeCluster(folder: string, program: string, arguments_: (cluster: string) => string[]): Promise<void> {
  const binaries = await findBinaries();
  const { account, as } = await findRunAs();
  const cluster = join(folder, 'cluster');
  await mkdir(cluster, { mode: 0o700 });
  if (account !== null) await chown(cluster, account.uid, account.gid);
  await run(join(binaries, program), arguments_(cluster), { ...as, cwd: cluster, timeout: startTimeoutMs });
}

export function initCluster(folder: string): Promise<void> {
  const settings = ['-U', 'studio', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
  return makeCluster(folder, 'initdb', (cluster) => ['-D', cluster, ...settings]);
}

/** A copy of a running cluster that will follow it once it is started. */
export function copyCluster(folder: string, url: string): Promise<void> {
  const settings = ['-d', url, '--write-recovery-conf', '-X', 'stream', '--checkpoint=fast', '--no-sync'];
  return makeCluster(folder, 'pg_basebackup', (cluster) => ['-D', cluster, ...settings]);
}

/** Starts, or after a crash starts again, the cluster in the folder. */
export async function startCluster(
  folder: string,
  { port, owner, settings: extra }: { port: number; owner: number; settings: readonly string[] },
): Promise<Cluster> {
  const binaries = await findBinaries();
  const { as } = await findRunAs();
  const cluster = join(folder, 'cluster');
  const settings = [
    // Two base backups at once: the checkpoint of one must not remove the log that the other still streams.
    ...['max_connections=200', 'shared_buffers=128MB', 'wal_keep_size=512MB', ...extra],
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
  return { url, pid: server.pid };
}
