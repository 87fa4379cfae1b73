import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewSession, SessionEvent } from '@embedding-studio/contracts';
import { startDocumentServer } from '@embedding-studio/embedded-mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { type Db, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MongoStores, openMongo } from '../src/mongo/index.ts';
import { type ShardedCollection, shardKeys } from '../src/mongo/shard-keys.ts';
import { makeFacts } from './touching-suite.ts';

const sharded = Object.entries(shardKeys).filter(
  (entry): entry is [string, ShardedCollection] => entry[1].key !== null,
);
const at = new Date('2030-05-01T10:00:00Z');
let folder: string;
let server: { url: string; close(): Promise<void> };
let stores: MongoStores;
let db: Db;
const commands: Document[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shard-keys-'));
  server = await startDocumentServer({ port: 0, folder: join(folder, 'documents') });
  const client = new MongoClient(server.url, { ignoreUndefined: true, monitorCommands: true });
  client.on('commandStarted', ({ command }) => commands.push(command));
  const objects = createFolderObjectStore({ folder: join(folder, 'objects') });
  stores = await openMongo({ url: server.url, database: 'sharding', objects }, client);
  db = client.db('sharding');
  // Collections come into being with what is first written.
  await liveADay();
});
afterAll(async () => {
  await stores.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

it('says of every collection whether it is spread, and why not', async () => {
  const found = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  expect(found.filter((name) => shardKeys[name] === undefined)).toEqual([]);
  for (const { why } of Object.values(shardKeys)) expect(why).not.toBe('');
});

it.each(sharded)(
  '%s has no unique index that does not begin with its key, and none where that is hashed',
  async (name, { key }) => {
    const indexes = (await db.collection(name).indexes()).filter(
      ({ unique, name: index }) => unique && index !== '_id_',
    );
    const fields = Object.keys(key);
    for (const index of indexes) expect(Object.keys(index.key).slice(0, fields.length)).toEqual(fields);
    if (Object.values(key).includes('hashed')) expect(indexes).toEqual([]);
  },
);

/** What takes the ways of a busy day: sessions, events, facts, touched items, metrics, logs, retention. */
async function liveADay(): Promise<void> {
  const { sessions, analytics, tracker, jobLogs } = stores;
  const session = (sessionId: string): NewSession => ({
    sessionId,
    query: 'q',
    shown: [],
    createdAt: at,
    userId: 'u1',
  });
  const event = (sessionId: string): SessionEvent => ({
    ...{ sessionId, eventId: 'e', itemId: 'a', type: 'click', createdAt: at, receivedAt: at },
  });
  const ids = ['s1', 's2', 's3'];
  await sessions.registerSessions(ids.map(session));
  for (let time = 0; time < 2; time++) {
    await sessions.pushEvents([event('s1')]);
    await sessions.ingestEvents([event('s1'), event('s2')]);
  }
  const batch = await sessions.releaseBatch('r1');
  const batchId = batch?.batchId ?? '';
  await sessions.listBatchSessions({ batchId, afterNumber: 0, limit: 9, eventsLimit: 9 });
  const facts = ids.map((sessionId) => makeFacts(0, 0, { sessionId, at, shownIds: ['a'] }));
  for (let time = 0; time < 2; time++) await analytics.putFacts(facts);
  await analytics.findFacts(ids);
  await analytics.putTouches(new Date('2030-05-01T10:00:00Z'), facts);
  const experimentId = await tracker.createExperiment('e');
  const runId = await tracker.createRun({ experimentId, name: 'r', params: {} });
  const point = { key: 'loss', value: 1, step: 1, timestamp: at };
  for (let time = 0; time < 2; time++) await tracker.logMetrics(runId, [point]);
  await tracker.getRun(runId);
  await tracker.listSeries({ runIds: [runId], keys: ['loss'] });
  await sessions.findSessions(ids);
  await jobLogs.appendLines('t1', [{ level: 'info', message: 'm', at }]);
  await jobLogs.listLinesAfter({ jobId: 't1', after: 0, limit: 9 });
  await jobLogs.deleteLines(['t1']);
  await sessions.eraseUser('u1');
  await sessions.deleteBatch(batchId, 9);
}

interface Aimed {
  collection: string;
  filter: Document;
  isUpsert: boolean;
  isRead: boolean;
}

function aimsOf(command: Document): Aimed[] {
  const aim = (collection: string, filter: Document, more: Partial<Aimed> = {}): Aimed => ({
    ...{ collection, filter, isUpsert: false, isRead: false },
    ...more,
  });
  if (command.find) return [aim(command.find, command.filter, { isRead: true })];
  if (command.delete) return command.deletes.map(({ q }: Document) => aim(command.delete, q));
  if (command.findAndModify) return [aim(command.findAndModify, command.query, { isUpsert: command.upsert === true })];
  if (!command.update) return [];
  return command.updates.map(({ q, upsert }: Document) => aim(command.update, q, { isUpsert: upsert === true }));
}

/** One value, or a list of them: the shards that hold them are known. */
const isPoint = (value: unknown) =>
  typeof value === 'string' || (typeof value === 'object' && value !== null && '$in' in value);

it('aims every change, and every read but those that are about all, at the shards that hold it', () => {
  const seen = new Set<string>();
  for (const { collection, filter, isUpsert, isRead } of commands.flatMap(aimsOf)) {
    const sharding = shardKeys[collection];
    if (sharding === undefined || sharding.key === null) continue;
    seen.add(collection);
    const fields = Object.keys(sharding.key);
    const isAimed = fields.every((field) => isPoint(filter[field]));
    const { asksAll = [] } = sharding;
    if (isRead && !isAimed && asksAll.some((field) => field in filter)) continue;
    expect({ collection, filter, isAimed }).toMatchObject({ isAimed: true });
    if (isUpsert) for (const field of fields) expect(typeof filter[field]).toBe('string');
  }
  expect([...seen].sort()).toEqual(sharded.map(([name]) => name).sort());
});
