import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Loader, SourceRow } from '@embedding-studio/contracts';
import { commonChecks, loaderChecks } from '@embedding-studio/plugins/conformance';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHostGuard, createLoaders } from '../../src/sources/index.ts';
import { createGuardedFetch } from '../../src/sources/network/guarded-request.ts';
import { S3Client } from '../../src/sources/s3-client.ts';
import { type S3Server, startS3Server } from '../s3/s3-server.ts';
import { openSite } from './local-site.ts';

const { signal } = new AbortController();
const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
let server: S3Server;
const guard = createHostGuard({ allowed: ['127.0.0.1'] });
let endpoint: string;
let loader: Loader;

const put = async (key: string, body: string) => {
  const client = new AwsClient({ ...keys, service: 's3', region: 'us-east-1' });
  const path = key.split('/').map(encodeURIComponent).join('/');
  const answer = await client.fetch(`${endpoint}/catalogue/${path}`, { method: 'PUT', body });
  if (!answer.ok) throw new Error(`PUT ${key}: ${answer.status} ${await answer.text()}`);
};

beforeAll(async () => {
  server = await startS3Server('catalogue');
  ({ endpoint } = server);
  const found = createLoaders({ guard, folders: [] }).find(({ id }) => id === 's3');
  if (found === undefined) throw new Error('no s3 loader');
  loader = found;
  await put('films/a.jsonl', '{"n":1}\n{"n":2}\n');
  await put("films/odd name & (more) + 'ü'.csv", 'n\n3\n4\n');
  await put('other/b.jsonl', '{"n":-1}\n');
});
afterAll(() => server.stop());

const configOf = (more: Record<string, unknown> = {}) => ({
  ...{ endpoint, bucket: 'catalogue', prefix: 'films/', ...keys },
  ...more,
});

async function readAll(cursor: string | null = null, config = configOf()): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of loader.read(loader.config.parse(config), { cursor, signal })) rows.push(row);
  return rows;
}
const numbers = (rows: SourceRow[]) => rows.map(({ record }) => Number(record.fields.n)).sort((a, b) => a - b);

test('conforms, and a connection test names the step that fails', async () => {
  const broken = [
    { config: configOf({ endpoint: 'http://127.0.0.9:1' }), failsAt: 'resolve' },
    { config: configOf({ endpoint: 'http://127.0.0.1:9' }), failsAt: 'connect' },
    { config: configOf({ accessKeyId: 'NOBODY' }), failsAt: 'authenticate' },
    { config: configOf({ bucket: 'missing' }), failsAt: 'list' },
    { config: configOf({ prefix: 'nothing/' }), failsAt: 'list' },
    { config: configOf({ format: 'json' }), failsAt: 'parse' },
  ];
  for (const check of [...commonChecks(loader, configOf()), ...loaderChecks(loader, { config: configOf(), broken })])
    await check.run();
});

test('reads every object below the prefix, whatever its key looks like', async () => {
  const rows = await readAll();
  expect(numbers(rows)).toEqual([1, 2, 3, 4]);
  expect(rows.map(({ record }) => record.key)).toContain("films/odd name & (more) + 'ü'.csv#2");
});

test('pages through more objects than one answer lists', async () => {
  for (let at = 0; at < 20; at++) await put(`pages/${at}.txt`, `text ${at}`);
  const access = { endpoint, region: 'us-east-1', bucket: 'catalogue', prefix: 'pages/', keys, pageKeys: 7 };
  const found: string[] = [];
  for await (const { key } of new S3Client(createGuardedFetch(guard), access).list(signal)) found.push(key);
  expect(found).toHaveLength(20);
  expect(new Set(found).size).toBe(20);
});

test('goes on after its cursor with new and changed objects only', async () => {
  const cursor = (await readAll()).at(-1)?.cursor ?? null;
  expect(await readAll(cursor)).toEqual([]);
  // Times of objects are whole seconds.
  await sleep(1_100);
  await put('films/a.jsonl', '{"n":1}\n{"n":2}\n{"n":7}\n');
  await put('films/z.jsonl', '{"n":8}\n');
  expect(numbers(await readAll(cursor))).toEqual([1, 2, 7, 8]);
});

test('keys that are half given are refused', () => {
  expect(loader.config.safeParse(configOf({ secretAccessKey: undefined })).success).toBe(false);
});

test('requests carry a signature that a server can verify from what arrives', async () => {
  const verified: boolean[] = [];
  const site = await openSite((request, response) => {
    verified.push(isSigned(request, keys.secretAccessKey));
    response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
  });
  try {
    const access = { endpoint: site.url, region: 'eu-west-1', bucket: 'b', prefix: "ä b/(c)+'*~", keys };
    const client = new S3Client(createGuardedFetch(guard), access);
    for await (const _ of client.list(signal)) throw new Error('nothing is listed');
    const object = { key: "odd & (more) + 'ü'/100%.csv", version: 'e', modifiedMs: 0, bytes: 0 };
    for await (const _ of await client.open(object, signal)) break;
  } finally {
    await site.close();
  }
  expect(verified).toEqual([true, true]);
});

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signature version 4 as its specification has it, computed anew. */
function isSigned({ method, url = '', headers }: IncomingMessage, secret: string): boolean {
  const [, credential = '', names = '', given = ''] =
    /Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(headers.authorization ?? '') ?? [];
  const { pathname, searchParams } = new URL(url, 'http://host');
  const path = decodeURIComponent(pathname).split('/').map(encode).join('/');
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const payload = String(headers['x-amz-content-sha256']);
  const canonical = [method, path, query.join('&'), lines.join(''), names, payload].join('\n');
  const [, day = '', region = '', service = '', end = ''] = credential.split('/');
  const time = String(headers['x-amz-date']);
  const digest = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', time, [day, region, service, end].join('/'), digest].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), end);
  return hmac(key, text).toString('hex') === given;
}
