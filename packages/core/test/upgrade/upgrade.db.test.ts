import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CoreDeps, type Ctx, getSession, listApiKeys, rollBack, searchItems } from '@embedding-studio/core';
import { type MongoStores, openMongo } from '@embedding-studio/db/mongo';
import { createPool, migratePostgres, openPostgres, type PostgresStores } from '@embedding-studio/db/postgres';
import { startDocumentServer } from '@embedding-studio/embedded-mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { recordLog } from '@embedding-studio/testing';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { assembleDeps, drainTasks, slangOf } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEmptyDatabase,
  putDocuments,
  putFiles,
  readEarlierRelease,
  runStatements,
  statementsOf,
} from './earlier-release.ts';

const release = readEarlierRelease();
let cluster: TestPostgres;
let folder: string;
let url: string;
let server: { url: string; close(): Promise<void> };
let postgres: PostgresStores;
let mongo: MongoStores;
let deps: CoreDeps;
let ctx: Ctx;

interface Column {
  table: string;
  column: string;
  type: string;
  nullable: string;
}

async function ask<T extends object>(database: string, sql: string): Promise<T[]> {
  const pool = createPool({ url: database, poolMax: 1, statementTimeoutMs: 30_000 });
  try {
    return (await pool.query<T>(sql)).rows;
  } finally {
    await pool.end();
  }
}

const columnsOf = (database: string) =>
  ask<Column>(
    database,
    `SELECT table_name AS table, column_name AS column, udt_name AS type, is_nullable AS nullable
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name`,
  );

async function migrate(): Promise<void> {
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 60_000 });
  await migratePostgres(pool).finally(() => pool.end());
}

let before: Column[];
beforeAll(async () => {
  cluster = await startTestPostgres();
  folder = await mkdtemp(join(tmpdir(), 'studio-test-upgrade-'));
  url = await createEmptyDatabase(cluster.url);
  await runStatements(url, statementsOf(release));
  before = await columnsOf(url);
  await putFiles(folder, release);
  server = await startDocumentServer({ port: 0, folder: join(folder, 'documents') });
  await putDocuments({ url: server.url, database: 'studio' }, release);
  await migrate();
  const started = Date.now();
  const now = () => new Date(new Date(release.at).getTime() + Date.now() - started);
  const objects = createFolderObjectStore({ folder: join(folder, 'objects') });
  postgres = await openPostgres({ url, poolMax: 3, statementTimeoutMs: 30_000 });
  mongo = await openMongo({ url: server.url, database: 'studio', objects, now });
  const queue = { enqueue: async () => undefined, close: async () => undefined };
  deps = assembleDeps({ postgres, mongo, folder, queue, now, log: recordLog().log });
  ctx = { actor: { kind: 'system', job: 'upgrade' }, requestId: 'upgrade', deps };
});
afterAll(async () => {
  await Promise.all([mongo?.close(), postgres?.close()]);
  await server?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('what an earlier release left', () => {
  test('is migrated without taking away or narrowing a column that the earlier one uses, and twice is once', async () => {
    const after = await columnsOf(url);
    const now = new Map(after.map((column) => [`${column.table}.${column.column}`, column]));
    const lost = before.filter(({ table, column, type, nullable }) => {
      const kept = now.get(`${table}.${column}`);
      return kept?.type !== type || (nullable === 'YES' && kept.nullable === 'NO');
    });
    expect(lost).toEqual([]);
    await migrate();
    expect(await columnsOf(url)).toEqual(after);
  });

  test('can still be written by the earlier one, statement by statement, into the new schema', async () => {
    const rows = statementsOf(release).match(/^INSERT INTO public\.(?!vectors_)[\s\S]*?;$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(10);
    const fresh = await createEmptyDatabase(cluster.url);
    const pool = createPool({ url: fresh, poolMax: 1, statementTimeoutMs: 60_000 });
    await migratePostgres(pool).finally(() => pool.end());
    await ask(fresh, 'TRUNCATE lexical_statistics, live_pointer, improvement_state, suggestion_learning CASCADE');
    for (const insert of rows) await runStatements(fresh, insert);
    const [{ count } = { count: 0 }] = await ask<{ count: number }>(fresh, 'SELECT count(*)::int AS count FROM items');
    expect(count).toBe(await deps.items.countItems());
  });

  test('is found, by words and by meaning, from the collection that was live', async () => {
    const { hits, degraded } = await searchItems({ ctx, input: { query: `${slangOf('boots')} red`, limit: 5 } });
    expect(degraded).toEqual([]);
    expect(hits[0]?.itemId).toMatch(/^boots-/);
    expect((await searchItems({ ctx, input: { query: 'boots', legs: 'lexical', limit: 5 } })).hits).toHaveLength(5);
  });

  test('is read document by document: sessions, batches, rollouts, runs and models', async () => {
    const [batch] = await deps.sessions.listBatches({ offset: 0, limit: 5 });
    const sessions = await deps.sessions.listBatchSessions({
      ...{ batchId: batch?.batchId ?? '', afterNumber: 0, limit: 500, eventsLimit: 10 },
    });
    expect(sessions).toHaveLength(release.documents.sessions?.length ?? 0);
    const first = await getSession({ ctx, input: { sessionId: sessions[0]?.sessionId ?? '' } });
    expect(first.events.map(({ eventId }) => eventId)).toContain('last');
    const rollouts = await deps.rollouts.listRollouts({ offset: 0, limit: 10 });
    expect(rollouts.map(({ state }) => state).sort()).toEqual(['live', 'standby']);
    expect(await deps.tasks.listTasks({ offset: 0, limit: 50 })).toHaveLength(release.documents.tasks?.length ?? 0);
    expect((await listApiKeys({ ctx, input: {} })).map(({ name }) => name)).toEqual(['shop']);
  });

  test('goes on: what was accepted is done, and the rollout can be taken back', async () => {
    await drainTasks(deps, { until: ({ kind }) => kind === 'retirement' });
    expect((await deps.tasks.getTask('left over')).status).toBe('done');
    const { hits } = await searchItems({ ctx, input: { query: 'item of the last day', limit: 1 } });
    expect(hits.map(({ itemId }) => itemId)).toEqual(['late']);
    const live = await deps.collections.findLive();
    await rollBack({ ctx, input: {} });
    expect((await deps.collections.findLive())?.collectionId).not.toBe(live?.collectionId);
  });
});
