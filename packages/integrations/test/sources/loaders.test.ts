import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Loader, SourceRow } from '@embedding-studio/contracts';
import { commonChecks, loaderChecks } from '@embedding-studio/plugins/conformance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHostGuard, createLoaders } from '../../src/sources/index.ts';
import { type LocalSite, openSite } from './local-site.ts';

const { signal } = new AbortController();
let folder: string;
let loaders: Map<string, Loader>;
const site = { url: '', document: '', etag: '"1"' as string | undefined };
let server: LocalSite;

const loader = (id: string): Loader => {
  const found = loaders.get(id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-sources-'));
  await mkdir(join(folder, 'allowed/deep'), { recursive: true });
  await writeFile(join(folder, 'secret.jsonl'), '{"password":"hunter2"}\n');
  await writeFile(join(folder, 'allowed/a.jsonl'), '{"n":1}\n{"n":2}\n{"n":3}\n');
  await writeFile(join(folder, 'allowed/deep/b.csv'), 'n\n4\n5\n');
  await writeFile(join(folder, 'allowed/c.txt'), 'six');
  await writeFile(join(folder, 'allowed/picture.png'), 'no records');
  await writeFile(join(folder, 'allowed/.hidden.jsonl'), '{"n":-1}\n');
  await mkdir(join(folder, 'allowed-not'));
  await writeFile(join(folder, 'allowed-not/x.jsonl'), '{"n":-2}\n');
  await symlink(join(folder, 'secret.jsonl'), join(folder, 'allowed/link.jsonl'));
  await symlink(folder, join(folder, 'allowed/way-out'));
  server = await openSite((request, response) => {
    if (request.url === '/private' && request.headers.authorization !== 'Bearer right')
      return void response.writeHead(401).end('who are you');
    if (request.url === '/none') return void response.writeHead(404).end();
    if (request.url === '/page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    response.writeHead(200, { 'content-type': 'application/jsonl', ...(site.etag && { etag: site.etag }) });
    response.end(site.document);
  });
  site.url = server.url;
  site.document = '{"n":1}\n{"n":2}\n{"n":3}\n';
  const guard = createHostGuard({ allowed: ['127.0.0.1'] });
  loaders = new Map(createLoaders({ guard, folders: [join(folder, 'allowed')] }).map((each) => [each.id, each]));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function readAll(
  id: string,
  config: Record<string, unknown>,
  cursor: string | null = null,
): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  const plugin = loader(id);
  for await (const row of plugin.read(plugin.config.parse(config), { cursor, signal })) rows.push(row);
  return rows;
}
const numbers = (rows: SourceRow[]) => rows.map(({ record }) => record.fields.n ?? record.fields.text);

describe('conformance', () => {
  test('of the folder loader', async () => {
    const path = join(folder, 'allowed');
    const broken = [
      { config: { path: folder }, failsAt: 'resolve' },
      { config: { path: join(path, 'picture.png') }, failsAt: 'list' },
      { config: { path, format: 'json' }, failsAt: 'parse' },
    ];
    for (const check of [
      ...commonChecks(loader('folder'), { path }),
      ...loaderChecks(loader('folder'), { config: { path }, broken }),
    ])
      await check.run();
  });

  test('of the HTTP loader', async () => {
    const config = { url: `${site.url}/items`, token: 'right' };
    const broken = [
      { config: { url: 'http://127.0.0.9/items' }, failsAt: 'resolve' },
      { config: { url: 'http://127.0.0.1:9/items' }, failsAt: 'connect' },
      { config: { url: `${site.url}/private`, token: 'wrong' }, failsAt: 'authenticate' },
      { config: { url: `${site.url}/none` }, failsAt: 'read' },
      { config: { url: `${site.url}/page` }, failsAt: 'parse' },
    ];
    for (const check of [...commonChecks(loader('http'), config), ...loaderChecks(loader('http'), { config, broken })])
      await check.run();
  });
});

describe('folder', () => {
  test('reads all files of known formats below it, and nothing through links', async () => {
    const rows = await readAll('folder', { path: join(folder, 'allowed') });
    expect(numbers(rows).map(String).sort()).toEqual(['1', '2', '3', '4', '5', 'six']);
    expect(rows.map(({ record }) => record.key).sort()).toEqual([
      ...['a.jsonl#1', 'a.jsonl#2', 'a.jsonl#3', 'c.txt', 'deep/b.csv#1', 'deep/b.csv#2'],
    ]);
  });

  test('may be named from the root, and one file is a source too', async () => {
    expect(numbers(await readAll('folder', { path: 'deep' }))).toEqual(['4', '5']);
    expect(numbers(await readAll('folder', { path: 'deep/b.csv' }))).toEqual(['4', '5']);
  });

  test('every way out is refused, and says the same as what does not exist', async () => {
    const ways = [
      ...['..', '../secret.jsonl', 'deep/../../secret.jsonl', 'link.jsonl', 'way-out', 'way-out/secret.jsonl'],
      ...['/etc/passwd', `${folder}/allowed-not`, 'a\0b', 'missing'],
    ];
    const messages = new Set<string>();
    for (const path of ways) {
      const failed = await readAll('folder', { path }).catch((error) => error);
      expect(failed, path).toMatchObject({ code: 'INPUT_INVALID', field: 'path' });
      if (!path.includes('\0')) messages.add(failed.message);
    }
    expect(messages.size).toBe(1);
  });

  test('a later sync reads what is new and what has changed, and nothing else', async () => {
    const path = join(folder, 'allowed', 'live');
    await mkdir(path);
    await writeFile(join(path, 'a.jsonl'), '{"n":1}\n{"n":2}\n');
    await writeFile(join(path, 'b.jsonl'), '{"n":3}\n');
    const first = await readAll('folder', { path });
    const cursor = first.at(-1)?.cursor ?? null;
    expect(await readAll('folder', { path }, cursor)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await writeFile(join(path, 'a.jsonl'), '{"n":1}\n{"n":2}\n{"n":9}\n');
    await writeFile(join(path, 'c.jsonl'), '{"n":4}\nbroken\n');
    const second = await readAll('folder', { path }, cursor);
    expect(numbers(second)).toEqual([1, 2, 9, 4, undefined]);
    expect(second.at(-1)?.record).toMatchObject({ fields: {}, fault: 'line 2 is not JSON' });
    await rm(path, { recursive: true });
  });
});

describe('HTTP', () => {
  test('an unchanged document is not read again, a changed one from its start', async () => {
    const config = { url: `${site.url}/items` };
    const cursor = (await readAll('http', config)).at(-1)?.cursor ?? null;
    expect(await readAll('http', config, cursor)).toEqual([]);
    site.etag = '"2"';
    site.document += '{"n":4}\n';
    expect(numbers(await readAll('http', config, cursor))).toEqual([1, 2, 3, 4]);
  });

  test('a secret never shows in a failed step', async () => {
    const config = loader('http').config.parse({ url: `${site.url}/private`, token: 'hunter2' });
    expect(JSON.stringify(await loader('http').testConnection(config, signal))).not.toContain('hunter2');
  });
});
