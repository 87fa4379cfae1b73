import { createVerify, generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Loader, SourceRow } from '@embedding-studio/contracts';
import { commonChecks, loaderChecks } from '@embedding-studio/plugins/conformance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHostGuard, createLoaders } from '../../src/sources/index.ts';
import { type LocalSite, openSite } from './local-site.ts';

const { signal } = new AbortController();
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  ...{ publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } },
});
const objects = [
  { name: 'films/a.jsonl', body: '{"n":1}\n{"n":2}\n', updated: '2024-05-01T10:00:00.123Z' },
  { name: 'films/b & ü.csv', body: 'n\n3\n', updated: '2024-05-01T10:00:00.124Z' },
  { name: 'films/c.jsonl', body: '{"n":4}\n', updated: '2024-05-01T10:00:00.125Z' },
];
let site: LocalSite;
let loader: Loader;

/** No emulator can be had here: the three calls of the JSON API as their reference has them, with real signatures. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://host');
  const send = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
  if (url.pathname === '/token') return void receiveToken(request, send);
  if (request.headers.authorization !== 'Bearer granted') return void send(401, {});
  const path = url.pathname.split('/');
  if (path[4] !== 'catalogue') return void send(404, {});
  const name = path[6] === undefined ? null : decodeURIComponent(path[6]);
  if (name !== null) {
    const at = objects.findIndex((object) => object.name === name);
    if (url.searchParams.get('generation') !== String(at + 1)) return void send(404, {});
    return void response.end(objects[at]?.body);
  }
  const at = Number(url.searchParams.get('pageToken') ?? 0);
  const found = objects
    .map(({ name, body, updated }, index) => ({
      name,
      updated,
      size: String(body.length),
      generation: String(index + 1),
    }))
    .filter((object) => object.name.startsWith(url.searchParams.get('prefix') ?? ''));
  const rest = at + 2 < found.length ? { nextPageToken: String(at + 2) } : {};
  send(200, { ...(found.length > 0 && { items: found.slice(at, at + 2) }), ...rest });
}

function receiveToken(request: IncomingMessage, send: (status: number, body: unknown) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const assertion = new URLSearchParams(Buffer.concat(chunks).toString()).get('assertion') ?? '';
    const [head = '', claims = '', signature = ''] = assertion.split('.');
    const isSigned = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url');
    const { iss, aud, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const isRight = isSigned && iss === 'reader@test' && aud === `${site.url}/token` && scope.endsWith('read_only');
    send(isRight ? 200 : 400, isRight ? { access_token: 'granted', expires_in: 3_600 } : { error: 'invalid_grant' });
  });
}

beforeAll(async () => {
  site = await openSite(answer);
  const guard = createHostGuard({ allowed: ['127.0.0.1'] });
  const found = createLoaders({ guard, folders: [] }).find(({ id }) => id === 'gcs');
  if (found === undefined) throw new Error('no gcs loader');
  loader = found;
});
afterAll(() => site.close());

const account = (more: Record<string, string> = {}) =>
  JSON.stringify({ client_email: 'reader@test', private_key: privateKey, token_uri: `${site.url}/token`, ...more });
const configOf = (more: Record<string, unknown> = {}) => ({
  ...{ bucket: 'catalogue', prefix: 'films/', endpoint: site.url, serviceAccount: account() },
  ...more,
});

test('conforms, and a connection test names the step that fails', async () => {
  const broken = [
    { config: configOf({ endpoint: 'http://127.0.0.9:1' }), failsAt: 'resolve' },
    { config: configOf({ endpoint: 'http://127.0.0.1:9' }), failsAt: 'connect' },
    { config: configOf({ serviceAccount: 'no json' }), failsAt: 'authenticate' },
    { config: configOf({ serviceAccount: account({ client_email: 'other@test' }) }), failsAt: 'authenticate' },
    {
      config: configOf({ serviceAccount: account({ token_uri: 'http://169.254.169.254/token' }) }),
      failsAt: 'authenticate',
    },
    { config: configOf({ bucket: 'missing' }), failsAt: 'list' },
    { config: configOf({ format: 'json' }), failsAt: 'parse' },
  ];
  for (const check of [...commonChecks(loader, configOf()), ...loaderChecks(loader, { config: configOf(), broken })])
    await check.run();
});

test('reads all pages of the bucket with one token', async () => {
  site.requests.length = 0;
  const rows: SourceRow[] = [];
  const config = loader.config.parse(configOf());
  for await (const row of loader.read(config, { cursor: null, signal })) rows.push(row);
  expect(rows.map(({ record }) => Number(record.fields.n))).toEqual([1, 2, 3, 4]);
  expect(site.requests.filter(({ path }) => path === '/token')).toHaveLength(1);
});
