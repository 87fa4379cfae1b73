import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';

/** Scripts that a page brings on a first visit. */
export interface PageBundle {
  /** As in the address. */
  page: string;
  /** Gzip, what all pages share included. */
  bytes: number;
  /** Gzip of what no other page brings. */
  ownBytes: number;
}

export interface SharedChunk {
  file: string;
  bytes: number;
  /** Pages that bring it. */
  pages: number;
}

export interface Bundle {
  /** Largest first. */
  pages: PageBundle[];
  /** Chunks of more than one page, largest first. */
  shared: SharedChunk[];
}

const BuildManifest = z.object({ rootMainFiles: z.array(z.string()) });
const Paths = z.record(z.string(), z.string());
const References = z.object({ entryJSFiles: z.record(z.string(), z.array(z.string())) });
const chunkFile = /^static\/chunks\/.+\.js$/;
const clientManifest = 'page_client-reference-manifest.js';

/** What a build of the console (`.next`) sends to browsers, as its own manifests tell. @throws where it is no such build. */
export async function readBundle(folder: string): Promise<Bundle> {
  const readJson = async <T>(name: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
  const { rootMainFiles } = await readJson('build-manifest.json', BuildManifest);
  const addresses = await readJson('app-path-routes-manifest.json', Paths);
  const files = await readdir(join(folder, 'server/app'), { recursive: true });
  const filesOf = new Map<string, Set<string>>();
  for (const file of files.filter((name) => name.endsWith(clientManifest))) {
    const path = `/${file.slice(0, -clientManifest.length)}page`.replaceAll('\\', '/');
    const text = await readFile(join(folder, 'server/app', file), 'utf8');
    const { entryJSFiles } = References.parse(readReferences(text));
    const own = Object.values(entryJSFiles).flat().map(withoutPrefix);
    filesOf.set(addresses[path] ?? path, new Set([...rootMainFiles, ...own].filter((name) => chunkFile.test(name))));
  }
  return weigh(folder, filesOf);
}

/** The manifest is a script that assigns one value of JSON. */
function readReferences(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('] = ') + 4).replace(/;?\s*$/, ''));
}

function withoutPrefix(file: string): string {
  return file.replace(/^\/?(_next\/)?/, '');
}

async function weigh(folder: string, filesOf: ReadonlyMap<string, ReadonlySet<string>>): Promise<Bundle> {
  const pagesOf = new Map<string, number>();
  for (const files of filesOf.values()) for (const file of files) pagesOf.set(file, (pagesOf.get(file) ?? 0) + 1);
  const bytesOf = new Map<string, number>();
  for (const file of pagesOf.keys()) {
    const packed = await promisify(gzip)(await readFile(join(folder, file)), { level: 6 });
    bytesOf.set(file, packed.length);
  }
  const sum = (files: readonly string[]) => files.reduce((total, file) => total + (bytesOf.get(file) ?? 0), 0);
  const pages = [...filesOf].map(([page, files]) => {
    const own = [...files].filter((file) => pagesOf.get(file) === 1);
    return { page, bytes: sum([...files]), ownBytes: sum(own) };
  });
  const shared = [...pagesOf].flatMap(([file, count]) =>
    count > 1 ? { file, bytes: bytesOf.get(file) ?? 0, pages: count } : [],
  );
  const byBytes = (left: { bytes: number }, right: { bytes: number }) => right.bytes - left.bytes;
  return { pages: pages.sort(byBytes), shared: shared.sort(byBytes) };
}
