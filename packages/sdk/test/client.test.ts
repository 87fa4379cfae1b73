import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createStudioClient } from '../src/index.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(handle: RequestListener): Promise<string> {
  server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('the client on a bad network', () => {
  it('gives up on a server that never answers', async () => {
    const url = await serve(() => undefined);
    const client = createStudioClient({ url, apiKey: 'k', timeoutMs: 100 });
    await expect(client.system.ping.query()).rejects.toThrow(/timeout|aborted/i);
  });

  it("obeys the caller's own signal", async () => {
    const url = await serve(() => undefined);
    const client = createStudioClient({ url, apiKey: 'k' });
    const abort = new AbortController();
    const call = client.system.ping.query(undefined, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(call).rejects.toThrow(/abort/i);
  });

  it('reports an answer that is not its own as an error', async () => {
    const url = await serve((_request, response) => void response.writeHead(502).end('<html>bad gateway</html>'));
    const client = createStudioClient({ url, apiKey: 'k' });
    await expect(client.system.ping.query()).rejects.toThrow();
  });

  it('sends the key in the head and never in the address', async () => {
    const seen: { url?: string; authorization?: string; method?: string }[] = [];
    const url = await serve((request, response) => {
      seen.push({ url: request.url, authorization: request.headers.authorization, method: request.method });
      response.setHeader('content-type', 'application/json').end('{"result":{"data":{"json":{}}}}');
    });
    await createStudioClient({ url: `${url}/`, apiKey: 'es_secret' }).system.ping.query();
    expect(seen).toEqual([
      { url: expect.stringMatching(/^\/trpc\/system\.ping/), authorization: 'Bearer es_secret', method: 'POST' },
    ]);
    expect(seen[0]?.url).not.toContain('es_secret');
  });
});
