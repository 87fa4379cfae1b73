import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startDocumentServer } from '@embedding-studio/embedded-mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { findFreePort } from '@embedding-studio/testing';
import { startTestMongo } from '@embedding-studio/testing/mongo';
import { describe, expect, it } from 'vitest';
import { openMongo } from '../src/mongo/index.ts';

const objects = createFolderObjectStore({ folder: '/nonexistent' });

describe('session numbers', () => {
  it('have no gap and no repeat when registering processes are killed, and their sessions are not lost', async () => {
    const server = await startTestMongo();
    const script = fileURLToPath(new URL('./register-sessions-process.ts', import.meta.url));
    const workers = ['a', 'b'].map((name) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, server.url, server.database, name]);
      return { name, child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), calls: 0 };
    });
    await Promise.all(
      workers.map(async (worker, i) => {
        while (worker.calls < 6 + 3 * i) {
          expect((await worker.lines.next()).value).toBe(String(worker.calls));
          worker.calls++;
        }
        const gone = once(worker.child, 'exit');
        worker.child.kill('SIGKILL');
        await gone;
      }),
    );
    await server.stores.sessions.registerSession({ sessionId: 'last', query: 'q', shown: [], createdAt: new Date() });
    const { batchId, sessionNumber } = await server.stores.sessions.getSession('last');
    const page = { batchId, afterNumber: 0, limit: 10_000, eventsLimit: 1 };
    const sessions = await server.stores.sessions.listBatchSessions(page);
    expect(sessions.map((session) => session.sessionNumber)).toEqual(sessions.map((_, i) => i + 1));
    expect(sessions).toHaveLength(sessionNumber);
    const ids = new Set(sessions.map((session) => session.sessionId));
    for (const { name, calls } of workers)
      for (let call = 0; call < calls; call++)
        for (let i = 0; i < 40; i++) expect(ids).toContain(`${name}-${call}-${i}`);
    await server.stop();
  });
});

describe('trouble with the server', () => {
  it('is STORE_UNAVAILABLE when nobody listens and when nobody answers', async () => {
    const sockets = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(sockets, 'listening');
    const { port } = sockets.address() as { port: number };
    const urls = ['mongodb://127.0.0.1:1/?directConnection=true', `mongodb://127.0.0.1:${port}/?directConnection=true`];
    const outcomes = await Promise.allSettled(
      urls.map((url) => openMongo({ url, database: 'x', objects, timeoutMs: 1_000 })),
    );
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } });
    sockets.close();
  });

  it('is STORE_UNAVAILABLE for every store once the connection is closed', async () => {
    const server = await startTestMongo();
    const stores = await server.openAgain();
    await stores.close();
    const calls = [
      stores.ping(),
      stores.tasks.getTask('x'),
      stores.sessions.getSession('x'),
      stores.rollouts.getRollout('x'),
    ];
    for (const outcome of await Promise.allSettled(calls))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } });
    await server.stop();
  });
});

describe('a process that may start without a server', () => {
  it('has stores that refuse until there is one, with their indexes made before anything is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'studio-test-away-'));
    const port = await findFreePort();
    const url = `mongodb://127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=100`;
    const stores = await openMongo({ url, database: 'late', objects, mayBeAway: true });
    const session = { sessionId: 's', query: 'q', shown: [], createdAt: new Date() };
    await expect(stores.sessions.registerSession(session)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const server = await startDocumentServer({ port, folder });
    await expect
      .poll(
        () =>
          stores.ping().then(
            () => 'there',
            () => 'away',
          ),
        { timeout: 20_000 },
      )
      .toBe('there');
    expect(await stores.sessions.registerSession(session)).toEqual({ created: true });
    expect(await stores.sessions.registerSession(session)).toEqual({ created: false });
    await stores.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
});
