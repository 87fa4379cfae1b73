import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseSettings } from '../../src/environment.ts';
import { findPlacedFolder } from '../../src/services/place-folder.ts';
import { type RunningServices, startServices } from '../../src/services/start-services.ts';
import { readState } from '../../src/supervisor/state-file.ts';
import { stateFileOf } from '../../src/supervisor/supervisor.ts';
import { silentProgress } from '../../src/terminal/progress.ts';

let folder = '';
let services: RunningServices;
const settings = parseSettings({ STUDIO_SOURCES: 'npm,debian' });
const start = () => startServices({ folder, which: ['postgres', 'queue', 'documents'], log: silentProgress, settings });
const waiting = { timeout: 60_000, interval: 200 };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'studio-services-'));
  chmodSync(folder, 0o755);
  services = await start();
});
afterAll(async () => {
  await services.stop();
  for (const name of ['postgres', 'redis'])
    rmSync(findPlacedFolder(join(folder, name)), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function killHard(name: string): Promise<void> {
  const before = readState(stateFileOf(folder))?.services.find((service) => service.name === name);
  if (before === undefined) throw new Error(`${name} is not running`);
  process.kill(before.identity.pid, 'SIGKILL');
  const restarts = () => readState(stateFileOf(folder))?.services.find((service) => service.name === name)?.restarts;
  await expect.poll(restarts, waiting).toBe(before.restarts + 1);
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: services.urls.databaseUrl ?? '', connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

async function withRedis<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(services.urls.redisUrl ?? '', { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  await redis.connect();
  try {
    return await action(redis);
  } finally {
    redis.disconnect();
  }
}

async function withDocuments<T>(action: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(services.urls.mongodbUrl ?? '', { serverSelectionTimeoutMS: 2_000 });
  try {
    return await action(client);
  } finally {
    await client.close();
  }
}

it('PostgreSQL has pgvector 0.8 or newer, checks pages and keeps what was committed through a hard kill', async () => {
  const [version, checksums, fsync] = await query(
    "select extversion, current_setting('data_checksums'), current_setting('fsync') from pg_extension where extname = 'vector'",
  );
  expect(Number.parseFloat(String(version))).toBeGreaterThanOrEqual(0.8);
  expect([checksums, fsync]).toEqual(['on', 'on']);
  await query('create table kept as select generate_series(1, 1000) as number');
  await killHard('postgres');
  await expect.poll(() => query('select count(*)::int from kept').catch(() => null), waiting).toEqual([1000]);
});

it('PostgreSQL lets nobody in without the password', async () => {
  const url = new URL(services.urls.databaseUrl ?? '');
  url.password = 'guess';
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
  await expect(client.connect()).rejects.toThrow(/password/);
});

it.runIf(process.platform === 'linux')(
  'the queue never evicts, and keeps its keys through a hard kill',
  async (context) => {
    if (services.urls.redisUrl === null) return context.skip('no redis-server here: the queue uses PostgreSQL');
    expect(await withRedis((redis) => redis.config('GET', 'maxmemory-policy'))).toEqual([
      'maxmemory-policy',
      'noeviction',
    ]);
    await withRedis((redis) => redis.set('kept', 'yes'));
    await killHard('redis');
    await expect.poll(() => withRedis((redis) => redis.get('kept')).catch(() => null), waiting).toBe('yes');
  },
);

it('the document store keeps what it acknowledged through a hard kill', async () => {
  await withDocuments((client) => client.db('test').collection('kept').insertOne({ text: 'yes' }));
  await killHard('documents');
  const count = () => withDocuments((client) => client.db('test').collection('kept').countDocuments({ text: 'yes' }));
  await expect.poll(() => count().catch(() => null), waiting).toBe(1);
});

it('a second start finds the same data at the same addresses', async () => {
  const before = services.urls;
  await services.stop();
  services = await start();
  expect(services.urls).toEqual(before);
  expect(await query('select count(*)::int from kept')).toEqual([1000]);
});
