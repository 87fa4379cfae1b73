import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createStudioClient, describeFailure, type StudioClientOptions } from '../src/index.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers by the number of the request, from 1; returns what came and when. */
async function serve(answer: (turn: number) => { status: number; headers?: Record<string, string> } | 'hang' | 'cut') {
  const seen: { at: number; path: string }[] = [];
  const handle: RequestListener = (request, response) => {
    seen.push({ at: performance.now(), path: request.url ?? '' });
    const next = answer(seen.length);
    if (next === 'hang') return;
    if (next === 'cut') return void request.socket.destroy();
    const body = next.status === 200 ? { result: { data: { json: { ok: 1 } } } } : faultOf(next.status);
    response.writeHead(next.status, { 'content-type': 'application/json', ...next.headers });
    response.end(JSON.stringify(body));
  };
  server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const open = (options: Partial<StudioClientOptions> = {}) =>
    createStudioClient({ url, apiKey: 'k', retryDelayMs: 10, ...options });
  return { seen, open };
}

function faultOf(httpStatus: number) {
  const data = { code: 'X', httpStatus, studio: { code: 'STORE_UNAVAILABLE', requestId: 'r-1' } };
  return { error: { json: { message: 'away', code: -32_603, data } } };
}

const failTwice = (status: number) => (turn: number) => ({ status: turn <= 2 ? status : 200 });

describe('a call that may be repeated', () => {
  it.each([429, 502, 503, 504])('is tried again after %s until it works', async (status) => {
    const { seen, open } = await serve(failTwice(status));
    await open().task.getTask.query({ taskId: 't' });
    expect(seen).toHaveLength(3);
  });

  it('is tried again after a cut connection', async () => {
    const { seen, open } = await serve((turn) => (turn === 1 ? 'cut' : { status: 200 }));
    await open().task.getTask.query({ taskId: 't' });
    expect(seen).toHaveLength(2);
  });

  it('is tried again when one try takes too long', async () => {
    const { seen, open } = await serve((turn) => (turn === 1 ? 'hang' : { status: 200 }));
    await open({ attemptTimeoutMs: 100 }).task.getTask.query({ taskId: 't' });
    expect(seen).toHaveLength(2);
  });

  it('is given up after the last try, with the code of the gateway', async () => {
    const { seen, open } = await serve(() => ({ status: 503 }));
    const thrown = await open({ attemptsMax: 3 })
      .task.getTask.query({ taskId: 't' })
      .catch((error: unknown) => error);
    expect(seen).toHaveLength(3);
    expect(describeFailure(thrown)).toMatchObject({ code: 'STORE_UNAVAILABLE', requestId: 'r-1', httpStatus: 503 });
  });

  it.each([400, 401, 403, 404, 409, 422, 500])('is not tried again after %s', async (status) => {
    const { seen, open } = await serve(() => ({ status }));
    await expect(open().task.getTask.query({ taskId: 't' })).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  it('waits as long as the server asks', async () => {
    const { seen, open } = await serve((turn) => ({ status: turn === 1 ? 429 : 200, headers: { 'retry-after': '1' } }));
    await open().task.getTask.query({ taskId: 't' });
    expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('fails at once when the server asks for longer than the call has', async () => {
    const { seen, open } = await serve(() => ({ status: 429, headers: { 'retry-after': '10' } }));
    await expect(open({ timeoutMs: 2_000 }).task.getTask.query({ taskId: 't' })).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  it('ends with its deadline, whatever tries are left', async () => {
    const { seen, open } = await serve(() => 'hang');
    await expect(open({ timeoutMs: 300 }).task.getTask.query({ taskId: 't' })).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  it('ends with the signal of its caller, also while it waits', async () => {
    const { seen, open } = await serve(() => ({ status: 503, headers: { 'retry-after': '15' } }));
    const abort = new AbortController();
    const call = open().task.getTask.query({ taskId: 't' }, { signal: abort.signal });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    setTimeout(() => abort.abort(), 50);
    await expect(call).rejects.toThrow(/abort/i);
    expect(seen).toHaveLength(1);
  });
});

describe('a call that may not be repeated', () => {
  it.each(['cut', 503] as const)('is sent once, also when it ends with %s', async (end) => {
    const { seen, open } = await serve(() => (end === 'cut' ? 'cut' : { status: end }));
    await expect(open().key.createApiKey.mutate({ name: 'a', scopes: ['search'] })).rejects.toThrow();
    await expect(open().rollout.rollBack.mutate({})).rejects.toThrow();
    expect(seen).toHaveLength(2);
  });

  it('becomes repeatable by a name that the server knows again', async () => {
    const { seen, open } = await serve(failTwice(503));
    const items = [{ id: 'a' }];
    await expect(open().item.requestUpsertion.mutate({ items })).rejects.toThrow();
    expect(seen).toHaveLength(1);
    await open().item.requestUpsertion.mutate({ id: 'mine', items });
    expect(seen).toHaveLength(3);
  });

  it('is a search that opens a session without naming it', async () => {
    const { seen, open } = await serve(() => ({ status: 503 }));
    const search = open({ attemptsMax: 2 }).search.searchItems;
    await expect(search.query({ query: 'a', createSession: true })).rejects.toThrow();
    expect(seen).toHaveLength(1);
    await expect(search.query({ query: 'a', createSession: true, sessionId: 's' })).rejects.toThrow();
    expect(seen).toHaveLength(3);
  });
});
