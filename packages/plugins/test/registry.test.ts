import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@embedding-studio/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { methodPlugins } from '../src/methods/index.ts';
import { openPluginRegistry } from '../src/registry/index.ts';

/** Written as somebody without this repository would: plain modules, no imports. */
const cheapFirst = `
export default ({ apiVersion, z }) => ({
  apiVersion,
  kind: 'ranker',
  id: 'acme.cheap-first',
  version: '0.2.0',
  title: 'Cheap first',
  description: 'Puts the cheapest hits on top; hits without a price come last.',
  config: z.strictObject({ field: z.string().default('price') }),
  needs: ['payload'],
  rank({ hits }, { field }) {
    const price = (hit) => Number(hit.payload[field] ?? Infinity);
    const order = [...hits].sort((a, b) => price(a) - price(b));
    return order.map((hit, at) => ({ itemId: hit.itemId, score: -at, explain: { price: price(hit) } }));
  },
});
`;

const plain = (facts: Record<string, unknown>) => {
  const base = {
    apiVersion: 1,
    kind: 'text-processor',
    id: 'acme.plain',
    version: '1.0.0',
    title: 'Plain',
    description: 'Told as plain values, config as JSON Schema.',
    config: { type: 'object', properties: { times: { type: 'integer', default: 2 } }, additionalProperties: false },
    needs: ['text'],
  };
  return `export default { ...${JSON.stringify({ ...base, ...facts })}, process: (text, { times }) => text.repeat(times) };`;
};

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'outside-'));
  const folder = join(root, 'plugins');
  await mkdir(join(folder, 'as-folder'), { recursive: true });
  const files: Record<string, string> = {
    'cheap-first.mjs': cheapFirst,
    'as-folder/index.mjs': plain({ id: 'acme.in-folder' }),
    'broken-syntax.mjs': 'export default {{{',
    'throws.mjs': 'throw new Error("the licence server is away");',
    'other-version.mjs': plain({ id: 'acme.from-the-future', apiVersion: 2 }),
    'same-id.mjs': plain({ id: 'contrastive' }),
    'no-function.mjs':
      'export default { apiVersion: 1, kind: "splitter", id: "acme.empty", version: "1.0.0", title: "t", description: "d", needs: [], config: { type: "object" } };',
    'bad-config.mjs': plain({ id: 'acme.bad-config', config: { type: 'string' } }),
    'no-default.mjs': 'export const plugin = 1;',
    'two.mjs': `${plain({ id: 'acme.two' }).replace('export default', 'const one =')}\nexport default [one, { ...one, id: 'Not An Id' }];`,
    '_draft.mjs': 'throw new Error("never read");',
    'readme.txt': 'not a module',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  await writePackage('studio-plugin-field', { 'embedding-studio-plugin': './deep/plugin.js' }, 'deep/plugin.js');
  await writePackage(
    '@acme/by-keyword',
    { keywords: ['embedding-studio-plugin'], exports: { '.': { import: './main.js' } } },
    'main.js',
  );
  await writePackage('not-a-plugin', {}, 'index.js');
  await writePackage('climbs-out', { 'embedding-studio-plugin': '../../plugins/cheap-first.mjs' }, 'index.js');
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function writePackage(name: string, manifest: Record<string, unknown>, file: string): Promise<void> {
  const folder = join(root, 'node_modules', name);
  await mkdir(join(folder, file, '..'), { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', type: 'module', ...manifest }),
  );
  await writeFile(join(folder, file), plain({ id: `packaged.${name.replaceAll(/[^a-z]+/g, '-').replace(/^-/, '')}` }));
}

const lines: string[] = [];
const note = (_fields: Record<string, unknown>, message: string) => {
  lines.push(message);
};
const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };

let nowMs = Date.parse('2026-06-01T00:00:00Z');
const clock = { now: () => new Date(nowMs) };

const open = (names: string[] = []) =>
  openPluginRegistry({
    ...{ builtIns: methodPlugins, folder: join(root, 'plugins'), clock, log },
    packages: { names, from: root },
  });

test('a plain module outside the repository is found, described and usable', async () => {
  const registry = await open();
  const plugin = registry.findPlugin('ranker', 'acme.cheap-first');
  const hit = { score: 1, cosine: null, lexical: 0 };
  const hits = [3, 1, 2].map((price) => ({ ...hit, itemId: `item ${price}`, payload: { price } }));
  const ranked = await plugin?.rank({ query: 'shoes', hits, now: clock.now() }, plugin.config.parse({}), {
    signal: new AbortController().signal,
  });
  expect(ranked?.map((each) => each.itemId)).toEqual(['item 1', 'item 2', 'item 3']);
  expect(registry.listPlugins().find((listed) => listed.id === 'acme.cheap-first')).toMatchObject({
    ...{ kind: 'ranker', version: '0.2.0', needs: ['payload'], status: 'ready', error: null },
    source: { type: 'folder', name: 'cheap-first.mjs' },
    configSchema: { type: 'object', properties: { field: { type: 'string', default: 'price' } } },
  });
});

test('config told as JSON Schema is parsed, defaults and refusals included', async () => {
  const plugin = (await open()).findPlugin('text-processor', 'acme.in-folder');
  expect(plugin?.process('ab', plugin.config.parse({}))).toBe('abab');
  expect(plugin?.config.safeParse({ times: 'many' }).success).toBe(false);
  expect(plugin?.config.safeParse({ typo: 1 }).success).toBe(false);
});

test('broken neighbours are listed with their error and keep nobody else out', async () => {
  const registry = await open();
  const failed = registry.listPlugins().filter((listed) => listed.status === 'failed');
  const errors = Object.fromEntries(failed.map((listed) => [listed.source.name, listed.error]));
  expect(errors).toEqual({
    'broken-syntax.mjs': expect.stringContaining('Cannot be loaded'),
    'throws.mjs': expect.stringContaining('the licence server is away'),
    'other-version.mjs': 'apiVersion is 2; this host speaks 1',
    'same-id.mjs': 'The id contrastive is taken (built-in)',
    'no-function.mjs': 'A splitter needs a function split',
    'bad-config.mjs': 'config must be the schema of an object',
    'no-default.mjs': expect.stringContaining('no default export'),
    'two.mjs': expect.stringContaining('id: must be lower-case words'),
  });
  const ready = registry.listPlugins().flatMap((listed) => (listed.status === 'ready' ? [listed.id] : []));
  expect(ready).toEqual([
    ...methodPlugins.map(({ id }) => id).sort(),
    'acme.cheap-first',
    'acme.in-folder',
    'acme.two',
  ]);
  expect(registry.findPlugin('fine-tuning-method', 'contrastive')).toBe(methodPlugins[0]);
});

test('packages are found by field or keyword, and only those that say so and stay inside themselves', async () => {
  const names = ['studio-plugin-field', '@acme/by-keyword', 'not-a-plugin', 'climbs-out', 'absent', '../plugins'];
  const registry = await open(names);
  const listed = registry.listPlugins().filter((each) => each.source.type === 'package');
  expect(Object.fromEntries(listed.map((each) => [each.source.name, each.error ?? each.id]))).toEqual({
    'studio-plugin-field': 'packaged.studio-plugin-field',
    '@acme/by-keyword': 'packaged.acme-by-keyword',
    'not-a-plugin': expect.stringContaining('does not say that it holds plugins'),
    'climbs-out': expect.stringContaining('names a file outside itself'),
    absent: expect.stringContaining('is not installed'),
    '../plugins': expect.stringContaining('is no package name'),
  });
});

test('a folder that is not there fails as one entry; the built-ins stay', async () => {
  const registry = await openPluginRegistry({ builtIns: methodPlugins, folder: join(root, 'absent'), clock, log });
  expect(registry.listPlugins().map((listed) => listed.status)).toEqual([
    ...methodPlugins.map(() => 'ready'),
    'failed',
  ]);
});

test('a plugin that fails again and again is left out for a while, and tried again after it', async () => {
  const registry = await open();
  const find = () => registry.findPlugin('ranker', 'acme.cheap-first');
  const plugin = find();
  if (plugin === null) return expect.unreachable();
  for (let call = 0; call < 4; call++) registry.reportFailure(plugin, 'too late');
  registry.reportSuccess(plugin);
  for (let call = 0; call < 4; call++) registry.reportFailure(plugin, 'too late');
  expect(find()).toBe(plugin);
  registry.reportFailure(plugin, 'too late');
  expect(find()).toBeNull();
  expect(registry.listPlugins().find((listed) => listed.id === plugin.id)).toMatchObject({
    status: 'suspended',
    error: 'too late',
  });
  nowMs += 61_000;
  expect(find()).toBe(plugin);
  registry.reportFailure(plugin, 'still too late');
  expect(find()).toBeNull();
});
