import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@embedding-studio/db/postgres';
import { runAdmin } from './postgres.ts';
import { copyCluster, findFreePort, startCluster, startTimeoutMs } from './postgres-cluster.ts';
import { isAlive, killFamily, signalFamily } from './process-family.ts';

export interface Standby {
  /** The same database as the primary's address names. */
  url: string;
  /** From now on it answers with what it has, and takes no more. */
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  /** Returns once it has replayed all that the primary has written so far. */
  catchUp(): Promise<void>;
  /** It keeps its connections and answers nothing; `thaw` lets it go on. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** SIGKILL; `restart` brings it back on the same port. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** It becomes a server of its own that takes writes. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

export interface StandbyOptions {
  /** `name=value` of postgresql.conf. */
  settings?: readonly string[];
}

async function readPosition(url: string, position: string): Promise<number> {
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 10_000 });
  try {
    const { rows } = await pool.query<{ at: number }>(`SELECT pg_wal_lsn_diff(${position}, '0/0')::float8 AS at`);
    return rows[0]?.at ?? 0;
  } finally {
    await pool.end();
  }
}

async function waitForReplay(primaryUrl: string, url: string): Promise<void> {
  const wanted = await readPosition(primaryUrl, 'pg_current_wal_flush_lsn()');
  const deadline = Date.now() + startTimeoutMs;
  while ((await readPosition(url, 'pg_last_wal_replay_lsn()')) < wanted) {
    if (Date.now() > deadline) throw new Error('The standby does not catch up');
    await sleep(20);
  }
}

/** A streaming standby of the server at the address, made by a base backup; a test may do to it what it likes. */
export async function startStandby(primaryUrl: string, options: StandbyOptions = {}): Promise<Standby> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-standby-'));
  // The server may run as another account.
  await chmod(folder, 0o755);
  await copyCluster(folder, primaryUrl);
  const place = {
    port: await findFreePort(),
    owner: process.pid,
    settings: ['fsync=off', ...(options.settings ?? [])],
  };
  let cluster = await startCluster(folder, place);
  const address = new URL(primaryUrl);
  address.port = String(place.port);
  const url = address.href;
  return {
    url,
    pauseReplay: () => runAdmin(url, 'SELECT pg_wal_replay_pause()'),
    resumeReplay: () => runAdmin(url, 'SELECT pg_wal_replay_resume()'),
    catchUp: () => waitForReplay(primaryUrl, url),
    freeze: () => signalFamily(cluster.pid, 'SIGSTOP'),
    thaw: () => signalFamily(cluster.pid, 'SIGCONT'),
    kill: () => killFamily(cluster.pid),
    restart: async () => {
      cluster = await startCluster(folder, place);
    },
    promote: () => runAdmin(url, 'SELECT pg_promote()'),
    stop: async () => {
      if (isAlive(cluster.pid)) await killFamily(cluster.pid);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
