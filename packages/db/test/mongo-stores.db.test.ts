import { startTestMongo, type TestMongo } from '@embedding-studio/testing/mongo';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { MongoStores } from '../src/mongo/index.ts';
import { testBuckets } from './bucket-suite.ts';
import { testJobLogStore } from './job-log-suite.ts';
import { testRolloutStore } from './rollout-store-suite.ts';
import { testSessionStore } from './session-store-suite.ts';
import { testTaskSearch } from './task-search-suite.ts';
import { makeClock, testTaskStore } from './task-store-suite.ts';
import { makeFacts, testTouching } from './touching-suite.ts';
import { testTracker } from './tracker-suite.ts';
import { testWorkerRegistry } from './worker-registry-suite.ts';

const clock = makeClock();
let server: TestMongo;
let second: MongoStores;
let client: MongoClient;

beforeAll(async () => {
  server = await startTestMongo({ now: clock.now });
  second = await server.openAgain();
  client = await new MongoClient(server.url, { ignoreUndefined: true }).connect();
});

beforeEach(async () => {
  for (const { name } of await client.db(server.database).listCollections().toArray())
    await client.db(server.database).collection(name).deleteMany({});
});

afterAll(async () => {
  await client.close();
  await server.stop();
});

testTaskStore(async () => server.stores.tasks, clock);
testRolloutStore(async () => server.stores.rollouts);
testSessionStore(async () => [server.stores.sessions, second.sessions], clock);
testBuckets(async () => server.stores.analytics);
testTouching(async () => server.stores.analytics);
testTracker(async () => server.stores.tracker);
testJobLogStore(async () => server.stores.jobLogs);
testTaskSearch(async () => ({ tasks: server.stores.tasks, search: server.stores.taskSearch }), clock);
testWorkerRegistry(async () => server.stores.workers, clock);

it('tells of tasks of earlier versions what they are about, once', async () => {
  const { tasks, taskSearch } = server.stores;
  await tasks.requestTask({ kind: 'switch', id: 'old', idempotencyKey: 'old', input: { rolloutId: 'rol_1' } });
  await client
    .db(server.database)
    .collection<{ _id: string }>('tasks')
    .updateOne({ _id: 'old' }, { $unset: { subjects: 1 } });
  const find = () => taskSearch.findTasks({ filter: { subjects: ['rol_1'] }, before: null, limit: 1 });
  expect(await find()).toEqual([]);
  await server.openAgain();
  expect(await find()).toMatchObject([{ id: 'old', subjects: ['rol_1'] }]);
});

const session = (sessionId: string) => ({ sessionId, query: 'q', shown: [], createdAt: clock.now() });

it('finishes a release that a crash cut short between freezing and counting', async () => {
  const { sessions } = server.stores;
  await sessions.registerSessions([session('s1'), session('s2')]);
  const batches = client.db(server.database).collection<{ _id: string }>('session_batches');
  const frozen = { slot: 'x', status: 'released', releaseKey: 'release:r1', releaseId: 'r1', releasedAt: clock.now() };
  await batches.updateOne({ slot: 'collecting' }, { $set: frozen });
  expect(await sessions.releaseBatch('r1')).toMatchObject({ status: 'released', sessionCount: 2 });
});

it('moves on a session that a crash left behind in a batch counted just before it was written', async () => {
  const { sessions } = server.stores;
  await sessions.registerSession(session('s1'));
  const released = await sessions.releaseBatch('r1');
  const raw = client.db(server.database).collection<{ _id: string }>('sessions');
  const stored = await raw.findOne({ _id: 's1' });
  await raw.insertOne({ ...stored, _id: 'late', sessionNumber: 2 } as { _id: string });
  const batchId = released?.batchId ?? '';
  expect(await sessions.listBatchSessions({ batchId, afterNumber: 0, limit: 9, eventsLimit: 9 })).toHaveLength(1);
  const next = await sessions.releaseBatch('r2');
  expect(next).toMatchObject({ sessionCount: 1, releaseId: 'r2' });
  expect(await sessions.getSession('late')).toMatchObject({ batchId: next?.batchId, sessionNumber: 1 });
});

it('keeps what an hour touched while one of its sessions is there', async () => {
  const { sessions, analytics } = server.stores;
  const ids = ['s1', 's2'];
  for (const sessionId of ids) {
    await sessions.registerSession(session(sessionId));
    await sessions.releaseBatch(sessionId);
  }
  const hour = new Date(Math.floor(clock.now().getTime() / 3_600_000) * 3_600_000);
  const facts = ids.map((sessionId) => makeFacts(0, 0, { sessionId, at: hour, shownIds: ['a'] }));
  await analytics.putFacts(facts);
  await analytics.putTouches(hour, facts);
  const hours = client.db(server.database).collection('session_item_hours');
  const chunks = client.db(server.database).collection('session_item_chunks');
  const [second, first] = await sessions.listBatches({ offset: 0, limit: 9 });
  await sessions.deleteBatch(first?.batchId ?? '', 9);
  expect([await hours.countDocuments(), await chunks.countDocuments()]).toEqual([2, 1]);
  await sessions.deleteBatch(second?.batchId ?? '', 9);
  expect([await hours.countDocuments(), await chunks.countDocuments()]).toEqual([0, 0]);
});
