import { connect as connectSocket, type Socket } from 'node:net';
import { deserialize, serialize } from 'bson';
import { expect, it } from 'vitest';
import { makeFolder, openClient, openServer } from './server-folder.ts';

/** Sends raw bytes and resolves with the body of the one answer and whether the server hung up. */
function exchange(port: number, bytes: Buffer, replyHeader: number): Promise<{ body: unknown; closed: boolean }> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connectSocket(port, '127.0.0.1', () => socket.write(bytes));
    let received = Buffer.alloc(0);
    const settle = (closed: boolean) => {
      socket.destroy();
      resolve({ body: deserialize(received.subarray(replyHeader)), closed });
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= received.readInt32LE(0)) setTimeout(() => settle(false), 100);
    });
    socket.on('end', () => settle(true));
    socket.on('error', reject);
  });
}

function header(length: number, operation: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeInt32LE(length, 0);
  bytes.writeInt32LE(7, 4);
  bytes.writeInt32LE(operation, 12);
  return bytes;
}

it('gives each of 200 jobs to exactly one of 4 clients that claim at the same time', async () => {
  const { server, db } = await openServer({ folder: makeFolder() });
  await db.collection('jobs').insertMany(Array.from({ length: 200 }, (_, n) => ({ n, status: 'new' })));
  const claimAll = async () => {
    const client = await openClient(server.url);
    const taken: number[] = [];
    for (;;) {
      const job = await client
        .db('test')
        .collection('jobs')
        .findOneAndUpdate({ status: 'new' }, { $set: { status: 'run' } }, { sort: { n: 1 } });
      if (!job) return taken;
      taken.push(job.n);
    }
  };
  const taken = await Promise.all([claimAll(), claimAll(), claimAll(), claimAll()]);
  expect(taken.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  expect(taken.filter((jobs) => jobs.length > 0).length).toBeGreaterThan(1);
});

it('refuses transactions and change streams with the codes of a standalone MongoDB', async () => {
  const { client, db } = await openServer({ folder: makeFolder() });
  const session = client.startSession();
  const inTransaction = { insert: 'rows', documents: [{ a: 1 }], txnNumber: 1, autocommit: false };
  await expect(db.command({ ...inTransaction, startTransaction: true })).rejects.toMatchObject({ code: 20 });
  const throughDriver = session.withTransaction(() => db.collection('rows').insertOne({ a: 1 }, { session }));
  await expect(throughDriver).rejects.toThrow(/does not support/);
  await session.endSession();
  expect(await db.collection('rows').countDocuments()).toBe(0);
  const stream = db.collection('rows').watch();
  await expect(stream.next()).rejects.toMatchObject({ code: 40573 });
  await stream.close();
});

it('removes documents whose TTL index says they are over, and keeps the others', async () => {
  const { db } = await openServer({ folder: makeFolder(), ttlIntervalMs: 20 });
  const rows = db.collection('rows');
  await rows.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
  await rows.insertMany([{ at: new Date(Date.now() - 61_000), old: true }, { at: new Date() }, { at: 5 }, { b: 1 }]);
  await expect.poll(() => rows.countDocuments({ old: true }), { timeout: 5_000 }).toBe(0);
  expect(await rows.countDocuments()).toBe(3);
});

it('drops the cursor unused for longest when there are too many, and those that time out', async () => {
  const { db } = await openServer({ folder: makeFolder(), maxCursors: 2, cursorTimeoutMs: 60_000 });
  const rows = db.collection('rows');
  await rows.insertMany(Array.from({ length: 20 }, (_, n) => ({ n })));
  const cursors = [1, 2, 3].map(() => rows.find({}, { batchSize: 5 }));
  for (const cursor of cursors) await cursor.next();
  const [first, ...others] = cursors.map((cursor) => cursor.toArray());
  await expect(first).rejects.toMatchObject({ code: 43 });
  expect((await Promise.all(others)).map((found) => found.length)).toEqual([19, 19]);

  const brief = await openServer({ folder: makeFolder(), cursorTimeoutMs: 1 });
  await brief.db.collection('rows').insertMany(Array.from({ length: 20 }, (_, n) => ({ n })));
  const cursor = brief.db.collection('rows').find({}, { batchSize: 5 });
  await cursor.next();
  await new Promise((resolve) => setTimeout(resolve, 10));
  await expect(cursor.toArray()).rejects.toMatchObject({ code: 43 });
});

it('refuses a document over 16 MB, and hangs up on a message over 48 MB with the reason', async () => {
  const { server, db } = await openServer({ folder: makeFolder() });
  const big = { insert: 'rows', documents: [{ text: 'x'.repeat(16 * 1024 * 1024) }], $db: 'test' };
  const parts = [Buffer.alloc(5), serialize(big)];
  const message = Buffer.concat([header(16 + parts.reduce((sum, part) => sum + part.length, 0), 2013), ...parts]);
  const refused = await exchange(server.port, message, 21);
  expect(refused.body).toMatchObject({ ok: 1, n: 0, writeErrors: [{ index: 0, code: 10334 }] });
  expect(await db.collection('rows').countDocuments()).toBe(0);
  const answer = await exchange(server.port, header(48_000_001, 2013), 21);
  expect(answer).toMatchObject({ body: { ok: 0, codeName: 'ProtocolError' }, closed: true });
});

it('answers the old wire operation for the first hello alone', async () => {
  const { server } = await openServer({ folder: makeFolder() });
  const query = (command: object) => {
    const parts = [Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), serialize(command)];
    const rest = Buffer.concat(parts);
    return Buffer.concat([header(16 + rest.length, 2004), rest]);
  };
  const greeted = await exchange(server.port, query({ isMaster: 1 }), 36);
  expect(greeted.body).toMatchObject({ ismaster: true, maxWireVersion: 21, ok: 1 });
  const refused = await exchange(server.port, query({ find: 'rows' }), 36);
  expect(refused.body).toMatchObject({ ok: 0, code: 352 });
  const unknown = await exchange(server.port, header(16, 2001), 21);
  expect(unknown).toMatchObject({ body: { ok: 0, codeName: 'ProtocolError' }, closed: true });
});

it('runs unacknowledged writes without an answer, in order with the next command', async () => {
  const { db } = await openServer({ folder: makeFolder() });
  const rows = db.collection('rows');
  const result = await rows.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
  expect(result.acknowledged).toBe(false);
  await expect.poll(() => rows.countDocuments({ a: 1 }), { timeout: 5_000 }).toBe(1);
});

it('never runs code that arrives in a query', async () => {
  const { db } = await openServer({ folder: makeFolder() });
  const rows = db.collection('rows');
  await rows.insertOne({ a: 1 });
  await expect(rows.find({ $where: 'true' }).toArray()).rejects.toMatchObject({ code: 2 });
  const body = { body: 'function() { return 1 }', args: [], lang: 'js' };
  await expect(rows.aggregate([{ $project: { x: { $function: body } } }]).toArray()).rejects.toMatchObject({ code: 2 });
});
