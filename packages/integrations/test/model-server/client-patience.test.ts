import type { ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createModelServer, type Tensor } from '../../src/model-server/index.ts';
import { encodeMessage, headerLengthHeader } from '../../src/model-server/tensor-protocol.ts';
import { type LocalSite, openSite } from '../sources/local-site.ts';

let site: LocalSite | undefined;
afterEach(() => site?.close());

const vector: Tensor = { name: 'out', datatype: 'FP32', shape: [1, 2], values: new Float32Array([1, 2]) };

/** A server that is away for the first requests. */
async function openClient(failures: number) {
  let left = failures;
  site = await openSite((_request, response) => {
    if (left-- > 0) return response.writeHead(503).end('{"error":"Exceeds maximum queue size"}');
    const { body, headerBytes } = encodeMessage({}, 'outputs', [vector]);
    return response.writeHead(200, { [headerLengthHeader]: String(headerBytes) }).end(body);
  });
  return createModelServer({ url: site.url, repositoryFolder: '/none', inferTimeoutMs: 5_000, loadTimeoutMs: 5_000 });
}

const ask = (priority: 1 | 2) => ({ model: 'm', inputs: [], output: 'out', priority });

it('asks again for bulk work while the server is away or its queue is full', async () => {
  const client = await openClient(2);
  expect([...(await client.infer(ask(2))).values]).toEqual([1, 2]);
  expect(site?.requests).toHaveLength(3);
});

it('asks once for a query, whose patience is measured elsewhere', async () => {
  const client = await openClient(1);
  await expect(client.infer(ask(1))).rejects.toMatchObject({ code: 'MODEL_SERVER_UNAVAILABLE' });
  expect(site?.requests).toHaveLength(1);
});

it('never blames the caller for an answer that cannot be read or breaks off', async () => {
  const answers = [
    (response: ServerResponse) => response.end('no tensor'),
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"outputs":', () => response.destroy());
    },
  ];
  const codes: unknown[] = [];
  for (const answer of answers) {
    const one = await openSite((_request, response) => void answer(response));
    const limits = { inferTimeoutMs: 5_000, loadTimeoutMs: 5_000 };
    const client = createModelServer({ url: one.url, repositoryFolder: '/none', ...limits });
    codes.push(await client.infer(ask(1)).catch((error: { code: unknown }) => error.code));
    await one.close();
  }
  expect(codes).toEqual(['MODEL_INVALID', 'MODEL_SERVER_UNAVAILABLE']);
});

it('stops asking when the caller gives up', async () => {
  const client = await openClient(9);
  const control = new AbortController();
  const asked = client.infer({ ...ask(2), signal: control.signal });
  setTimeout(() => control.abort(), 30);
  await expect(asked).rejects.toMatchObject({ code: 'ABORTED' });
  expect(site?.requests.length).toBeLessThanOrEqual(1);
});
