import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordLog } from '@embedding-studio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlugins } from '../src/open-plugins.ts';
import { parseSettings, studioFragment } from '../src/settings.ts';

const { log } = recordLog();
const clock = { now: () => new Date('2026-06-01T00:00:00Z') };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugins-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the example of the manual is found in the folder of the settings and does what the manual says', async () => {
  const manual = await readFile(new URL('../../../docs/plugins.md', import.meta.url), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(manual)?.[1] ?? '';
  await writeFile(join(folder, 'in-stock-first.mjs'), example);
  await writeFile(join(folder, 'neighbour.mjs'), 'throw new Error("broken");');
  const { plugins } = await openPlugins({ settings: { PLUGIN_FOLDER: folder, PLUGIN_PACKAGES: '' }, clock, log });
  const plugin = plugins.findPlugin('ranker', 'acme.in-stock-first');
  const hits = [0, 5, 0, 2].map((stock, at) => {
    return { itemId: `item ${at}`, score: -at, cosine: null, lexical: 0, payload: { stock } };
  });
  const call = { signal: new AbortController().signal };
  const ranked = await plugin?.rank({ query: 'boots', hits, now: clock.now() }, plugin.config.parse({}), call);
  expect(ranked?.map((hit) => hit.itemId)).toEqual(['item 1', 'item 3', 'item 0', 'item 2']);
  const failed = plugins.listPlugins().filter(({ status }) => status === 'failed');
  expect(failed.map(({ source }) => source.name)).toEqual(['neighbour.mjs']);
});

test('fine-tuning methods from outside stand beside the built-in ones', async () => {
  const method = `export default ({ apiVersion, z }) => ({
    apiVersion, kind: 'fine-tuning-method', id: 'acme.method', version: '1.0.0', title: 'Acme', description: 'For a test.',
    config: z.strictObject({}), needs: ['clicks'],
    method: { specVersion: 1, name: 'acme.method', title: 'Acme', parseSettings: () => ({}), selectExamples: () => ({ queries: [], dropped: {} }) },
  });`;
  await writeFile(join(folder, 'method.mjs'), method);
  const { methods } = await openPlugins({ settings: { PLUGIN_FOLDER: folder, PLUGIN_PACKAGES: '' }, clock, log });
  expect(Object.keys(methods).sort()).toEqual(expect.arrayContaining(['acme.method', 'contrastive', 'margin']));
});

test('packages that the settings name but nobody installed are listed as failed', async () => {
  const settings = { PLUGIN_PACKAGES: ' absent-plugin, @acme/absent ,' };
  const { plugins } = await openPlugins({ settings, clock, log });
  const failed = plugins.listPlugins().filter(({ status }) => status === 'failed');
  expect(failed.map(({ source }) => source)).toEqual([
    { type: 'package', name: 'absent-plugin' },
    { type: 'package', name: '@acme/absent' },
  ]);
});

test('by default there is no folder and no package, and every built-in is ready', async () => {
  const shape = { DATABASE_URL: 'postgres://h/d', MONGODB_URL: 'mongodb://h', TRITON_URL: 'http://h' };
  const folders = { MODEL_REPOSITORY_FOLDER: 'm', OBJECTS_FOLDER: 'o', WORK_FOLDER: 'w' };
  const settings = parseSettings(studioFragment, { ...shape, ...folders });
  const { plugins } = await openPlugins({ settings, clock, log });
  const listed = plugins.listPlugins();
  expect(listed.filter(({ status }) => status !== 'ready')).toEqual([]);
  for (const kind of ['fine-tuning-method', 'vector-adjuster', 'query-processor', 'ranker'])
    expect(listed.filter((each) => each.kind === kind).length).toBeGreaterThanOrEqual(2);
});
