import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { createPool, migratePostgres, openPostgres, type PostgresStores } from '@embedding-studio/db/postgres';
import { findFreePort, initCluster, startCluster, startTimeoutMs } from './postgres-cluster.ts';

const template = 'studio_template';
/** Fast, and forgetful when the server is killed. */
const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export interface TestPostgres {
  /** A database of its own, migrated and empty. */
  url: string;
  stores: PostgresStores;
  /** Closes the stores and drops the database. */
  stop(): Promise<void>;
}

export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

export async function runAdmin(url: string, statement: string): Promise<void> {
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
      await initCluster(folder);
      const { url } = await startCluster(folder, { port: await findFreePort(), owner, settings: quick });
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
