import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, migratePostgres, openPostgres } from '@embedding-studio/db/postgres';
import { databaseUrl, runAdmin, type TestPostgres } from './postgres.ts';
import { findFreePort, initCluster, startCluster } from './postgres-cluster.ts';
import { isAlive, killFamily, signalFamily } from './process-family.ts';

export interface PrivatePostgres extends TestPostgres {
  /** SIGKILL to the postmaster; returns once all of its processes are gone. */
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing; `thaw` lets it go on. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts it again on the same port: it recovers from its log. */
  restart(): Promise<void>;
}

/** What is committed survives a killed process; only a machine that loses its memory could lose it. */
const lasting = ['fsync=off'];

export interface PrivatePostgresOptions {
  folder?: string;
  /** `name=value` of postgresql.conf. */
  settings?: readonly string[];
}

/** A server that a test may kill without disturbing others; its data lie in a folder of its own, or in an empty one that is given. */
export async function startPrivatePostgres(options: PrivatePostgresOptions = {}): Promise<PrivatePostgres> {
  const settings = [...lasting, ...(options.settings ?? [])];
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'studio-private-postgres-')));
  // The server may run as another account.
  await chmod(folder, 0o755);
  await initCluster(folder);
  const place = { port: await findFreePort(), owner: process.pid, settings };
  let cluster = await startCluster(folder, place);
  await runAdmin(cluster.url, 'CREATE DATABASE shop');
  const url = databaseUrl(cluster.url, 'shop');
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 30_000 });
  await migratePostgres(pool);
  await pool.end();
  const stores = await openPostgres({ url, poolMax: 5, statementTimeoutMs: 30_000 });
  const kill = () => killFamily(cluster.pid);
  return {
    url,
    stores,
    kill,
    freeze: () => signalFamily(cluster.pid, 'SIGSTOP'),
    thaw: () => signalFamily(cluster.pid, 'SIGCONT'),
    restart: async () => {
      cluster = await startCluster(folder, place);
    },
    stop: async () => {
      await stores.close();
      if (isAlive(cluster.pid)) await kill();
      await rm(options.folder === undefined ? folder : join(folder, 'cluster'), { recursive: true, force: true });
    },
  };
}
