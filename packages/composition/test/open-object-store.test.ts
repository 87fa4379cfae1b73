import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openObjectStore, placeOfObjects } from '../src/open-object-store.ts';
import { settingsOf } from '../src/project-settings.ts';
import { parseSettings, studioFragment } from '../src/settings.ts';

const plain = {
  ...{ DATABASE_URL: 'postgres://db.example/shop', MONGODB_URL: 'mongodb://db.example' },
  ...{ TRITON_URL: 'http://models.example', MODEL_REPOSITORY_FOLDER: '/models', WORK_FOLDER: '/work' },
};
const parse = (more: Record<string, string>) => parseSettings(studioFragment, { ...plain, ...more });
const keys = { S3_BUCKET: 'shop', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };

it('keeps objects in the folder where no bucket is set', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-object-store-'));
  const settings = parse({ OBJECTS_FOLDER: folder });
  await openObjectStore(settings).putObject('a', new Uint8Array(1));
  expect(await readdir(folder)).toContain('a');
  expect(placeOfObjects(settings)).toBe(folder);
  await rm(folder, { recursive: true });
});

it('asks the bucket, below the prefix, and below that of its project', async () => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const S3_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = parse({ ...keys, S3_ENDPOINT, S3_PREFIX: 'studio', PROJECTS: 'films,books' });
  await openObjectStore(settings).putObject('a', new Uint8Array(1));
  await openObjectStore(settingsOf(settings, 'books')).putObject('a', new Uint8Array(1));
  server.close();
  expect(paths).toEqual(['PUT /shop/studio/a', 'PUT /shop/studio/projects/books/a']);
});

it('asks Google’s own API below the prefix of the project, an emulator without credentials', async () => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const GCS_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = parse({ GCS_BUCKET: 'shop', GCS_ENDPOINT, GCS_PREFIX: 'studio', PROJECTS: 'films,books' });
  await openObjectStore(settings).hasObject('a');
  await openObjectStore(settingsOf(settings, 'books')).hasObject('a');
  server.close();
  const path = (name: string) => `GET /storage/v1/b/shop/o/${encodeURIComponent(name)}?fields=name undefined`;
  expect(paths).toEqual([path('studio/a'), path('studio/projects/books/a')]);
  expect(placeOfObjects(settings)).toBe(`${new URL(GCS_ENDPOINT).host}/shop/studio/`);
});

it.each([
  [{ S3_BUCKET: 'shop' }, /S3_ACCESS_KEY_ID: is needed with S3_BUCKET[\s\S]*S3_SECRET_ACCESS_KEY/],
  [{ S3_ENDPOINT: 'http://minio:9000', OBJECTS_FOLDER: '/o' }, /S3_BUCKET: is needed with S3_ENDPOINT/],
  [{ ...keys, GCS_BUCKET: 'shop' }, /GCS_BUCKET: is set although S3_BUCKET/],
  [{ GCS_SERVICE_ACCOUNT: '{}', OBJECTS_FOLDER: '/o' }, /GCS_BUCKET: is needed with GCS_SERVICE_ACCOUNT/],
  [{}, /OBJECTS_FOLDER/],
])('refuses to start with %j, naming what is missing', (given, message) => {
  expect(() => openObjectStore(parse(given))).toThrow(message);
});

it('tells the place without a secret', () => {
  expect(placeOfObjects(parse({ ...keys, S3_REGION: 'eu-west-1', S3_PREFIX: 'studio/' }))).toBe(
    's3.eu-west-1.amazonaws.com/shop/studio/',
  );
});

it.each(['/studio', 'a//b', '../a', 'a b'])('refuses the prefix %s', (S3_PREFIX) => {
  expect(() => parse({ ...keys, S3_PREFIX })).toThrow(/S3_PREFIX/);
});
