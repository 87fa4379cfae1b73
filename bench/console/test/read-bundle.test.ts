import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBundle } from '../read-bundle.ts';
import { makeBundleReport, pageBudgetKib, renderBundle } from '../report-bundle.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** Text that packs to about this many bytes. */
const noise = (bytes: number, seed: number) =>
  createHash('shake256', { outputLength: bytes }).update(String(seed)).digest('base64');

async function putPage(page: string, files: string[]): Promise<void> {
  const value = { entryJSFiles: { '[project]/layout': ['static/chunks/shared.js'], [`[project]${page}`]: files } };
  const path = `server/app/(console)${page}/page_client-reference-manifest.js`;
  const before = 'globalThis.__RSC_MANIFEST = globalThis.__RSC_MANIFEST || {};\n';
  await put(path, `${before}globalThis.__RSC_MANIFEST["/(console)${page}/page"] = ${JSON.stringify(value)};`);
}

it('tells what each page brings, what is its own, and what several share', async () => {
  await put('build-manifest.json', JSON.stringify({ rootMainFiles: ['static/chunks/root.js'] }));
  const addresses = { '/(console)/runs/page': '/runs', '/(console)/queues/page': '/queues' };
  await put('app-path-routes-manifest.json', JSON.stringify(addresses));
  await put('static/chunks/root.js', noise(4_000, 1));
  await put('static/chunks/shared.js', noise(2_000, 2));
  await put('static/chunks/runs.js', noise(1_000, 3));
  await put('static/chunks/queues.js', noise((pageBudgetKib + 10) * 1024, 4));
  await putPage('/runs', ['/_next/static/chunks/runs.js', 'static/chunks/shared.js']);
  await putPage('/queues', ['static/chunks/queues.js', 'static/css/a.css']);
  const { pages, shared } = await readBundle(folder);
  expect(pages.map(({ page }) => page)).toEqual(['/queues', '/runs']);
  expect(shared.map(({ file, pages: count }) => [file, count])).toEqual([
    ['static/chunks/root.js', 2],
    ['static/chunks/shared.js', 2],
  ]);
  const [queues, runs] = pages;
  const common = shared.reduce((sum, { bytes }) => sum + bytes, 0);
  expect((runs?.bytes ?? 0) - (runs?.ownBytes ?? 0)).toBe(common);
  expect((queues?.bytes ?? 0) - (queues?.ownBytes ?? 0)).toBe(common);
  const report = await makeBundleReport(folder);
  expect(report.exceeding.map((fault) => fault.split(' ').slice(0, 2).join(' '))).toEqual([
    '/queues brings',
    '/queues adds',
  ]);
  expect(renderBundle(report)).toContain('MISSED: /queues brings');
});

it('says where there is no build', async () => {
  await expect(makeBundleReport(join(folder, 'nothing'))).rejects.toThrow('holds no build of the console');
});
