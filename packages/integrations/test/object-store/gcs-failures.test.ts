import { createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createGcsObjectStore, type GcsObjectStoreSettings } from '../../src/object-store/index.ts';
import { type LocalSite, openSite } from '../sources/local-site.ts';

let site: LocalSite | undefined;
afterEach(() => site?.close());

type Answer = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

async function openStore(answer: Answer, more: (url: string) => Partial<GcsObjectStoreSettings> = () => ({})) {
  site = await openSite(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    answer(response, request, Buffer.concat(pieces));
  });
  return createGcsObjectStore({
    ...{ endpoint: site.url, bucket: 'b', prefix: 'p/', credentials: { kind: 'none' } },
    ...{ timeoutMs: 5_000, retriesMax: 1, ...more(site.url) },
  });
}

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

it('lets itself in by the signature of a service account, with one token for many requests', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    ...{ publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } },
  });
  const claims: unknown[] = [];
  const store = await openStore(
    (response, request, body) => {
      if (request.url !== '/token') {
        const isLetIn = request.headers.authorization === 'Bearer granted';
        return json(response, { name: 'p/a' }, isLetIn ? 200 : 401);
      }
      const [head, said = '', signature = ''] = (new URLSearchParams(body.toString()).get('assertion') ?? '').split(
        '.',
      );
      const isSigned = createVerify('RSA-SHA256').update(`${head}.${said}`).verify(publicKey, signature, 'base64url');
      claims.push(isSigned, JSON.parse(Buffer.from(said, 'base64url').toString()));
      return json(response, { access_token: 'granted', expires_in: 3_600 });
    },
    (url) => ({
      credentials: {
        kind: 'service-account',
        serviceAccount: JSON.stringify({
          client_email: 'writer@test',
          private_key: privateKey,
          token_uri: `${url}/token`,
        }),
      },
    }),
  );
  expect(await Promise.all(['a', 'b', 'c'].map((key) => store.hasObject(key)))).toEqual([true, true, true]);
  expect(claims).toEqual([
    true,
    expect.objectContaining({ iss: 'writer@test', scope: expect.stringMatching(/read_write$/) }),
  ]);
});

it('lets itself in as the account of the machine, by the metadata server', async () => {
  const store = await openStore(
    (response, request) => {
      if (request.url !== '/metadata')
        return json(response, {}, request.headers.authorization === 'Bearer of-the-machine' ? 200 : 401);
      const isAsked = request.headers['metadata-flavor'] === 'Google';
      return json(response, { access_token: 'of-the-machine', expires_in: 600 }, isAsked ? 200 : 403);
    },
    (url) => ({ credentials: { kind: 'metadata', metadataUrl: `${url}/metadata` } }),
  );
  expect(await store.hasObject('a')).toBe(true);
});

it('names the setting that is wrong: the key, the account, the bucket', async () => {
  const unusable = (serviceAccount: string) => () =>
    ({ credentials: { kind: 'service-account', serviceAccount } }) as const;
  const store = await openStore((response) => void response.end(), unusable('{"no":"key"}'));
  const refused = (message: RegExp) => ({ code: 'STORE_UNAVAILABLE', message });
  await expect(store.getObject('a')).rejects.toMatchObject(refused(/GCS_SERVICE_ACCOUNT: is not the JSON/));
  const forbidden = await openStore((response) => json(response, {}, 403));
  await expect(forbidden.getObject('a')).rejects.toMatchObject(refused(/GCS_SERVICE_ACCOUNT.*403/));
  const missing = await openStore((response) => json(response, { error: 'The specified bucket does not exist.' }, 404));
  await expect(missing.getObject('a')).rejects.toMatchObject(refused(/GCS_BUCKET/));
});

it('sends the hash of the bytes along, so that others are refused', async () => {
  const bodies: string[] = [];
  const store = await openStore((response, _request, body) => {
    bodies.push(body.toString());
    json(response, {}, bodies.length === 1 ? 503 : 200);
  });
  await store.putObject('a', Buffer.from('hello'));
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toContain('{"name":"p/a","md5Hash":"XUFAKrxLKna5cZ2REBfFkg=="}');
});

it('takes an upload away that breaks off, or whose stored bytes are others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gcs-failures-'));
  const path = join(folder, 'large');
  await writeFile(path, Buffer.alloc(17 * 2 ** 20, 'x'));
  const seen: string[] = [];
  const upload = (last: Answer) => (response: ServerResponse, request: IncomingMessage, body: Buffer) => {
    const range = request.headers['content-range'] ?? '';
    seen.push(`${request.method} ${range}`.trim());
    if (request.method === 'POST') return response.writeHead(200, { location: `${site?.url}/session` }).end();
    if (request.method === 'DELETE') return response.writeHead(499).end();
    if (range.startsWith('bytes 0-')) return response.writeHead(308, { range: `bytes=0-${2 ** 24 - 1}` }).end();
    return last(response, request, body);
  };
  const parts = ['POST', 'PUT bytes 0-16777215/17825792', 'PUT bytes 16777216-17825791/17825792'];
  const good = await openStore(upload((response) => json(response, { md5Hash: 'iRFlJFDLxvAAyLsZFeQyTw==' })));
  await expect(good.putFile('a', path)).rejects.toMatchObject({ message: /other bytes/ });
  expect(seen.splice(0)).toEqual([...parts, 'DELETE']);
  const broken = await openStore(upload((response) => json(response, {}, 400)));
  await expect(broken.putFile('a', path)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(seen).toEqual([...parts, 'DELETE']);
  await rm(folder, { recursive: true });
});
