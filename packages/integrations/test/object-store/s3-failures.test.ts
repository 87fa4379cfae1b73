import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createS3ObjectStore } from '../../src/object-store/index.ts';
import { type LocalSite, openSite } from '../sources/local-site.ts';

let site: LocalSite | undefined;
afterEach(() => site?.close());

type Answer = (response: ServerResponse, request: IncomingMessage, at: number) => void;

async function openStore(answer: Answer, timeoutMs = 5_000) {
  let count = 0;
  site = await openSite((request, response) => answer(response, request, count++));
  const keys = { accessKeyId: 'k', secretAccessKey: 's', region: 'us-east-1', isPathStyle: true };
  return createS3ObjectStore({
    ...{ endpoint: site.url, bucket: 'b', prefix: 'p/', ...keys },
    ...{ timeoutMs, retriesMax: 2 },
  });
}

it('tries again after 500, a broken connection and silence, and no oftener than it may', async () => {
  const store = await openStore((response, request, at) => {
    if (at === 0) response.writeHead(503).end();
    else if (at === 1) request.socket.destroy();
    else response.end('here');
  });
  expect(Buffer.from(await store.getObject('a')).toString()).toBe('here');
  expect(site?.requests).toHaveLength(3);
});

it('gives up on a store that stays silent, with an error that a job tries again later', async () => {
  const store = await openStore(() => undefined, 60);
  await expect(store.hasObject('a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: /silent for 60 ms/ });
  expect(site?.requests).toHaveLength(3);
});

it('begins a file anew when its content breaks off, and never shows a part of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 's3-failures-'));
  const store = await openStore((response, _request, at) => {
    response.writeHead(200, { 'content-length': '10' });
    if (at < 2) response.write('01234', () => response.destroy());
    else response.end('0123456789');
  });
  await store.getFile('a', join(folder, 'a'));
  expect(await readdir(folder)).toEqual(['a']);
  const broken = await openStore((response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('01234', () => response.destroy());
  });
  await expect(broken.getFile('a', join(folder, 'b'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await readdir(folder)).toEqual(['a']);
  await rm(folder, { recursive: true });
});

it('does not try again what the store refuses', async () => {
  const store = await openStore((response) =>
    response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>'),
  );
  await expect(store.putObject('a', new Uint8Array(1))).rejects.toMatchObject({ message: /SignatureDoesNotMatch/ });
  expect(site?.requests.map(({ path }) => path)).toEqual(['/b/p/a']);
});
