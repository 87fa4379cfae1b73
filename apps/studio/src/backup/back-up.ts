import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from '@embedding-studio/contracts';
import { StudioError } from '@embedding-studio/contracts';
import { type DocumentPlace, dumpDocuments } from '@embedding-studio/db/mongo';
import product from '../../package.json' with { type: 'json' };
import { type BackupManifest, listFiles, writeManifest } from './manifest.ts';
import { listOwnObjects } from './own-objects.ts';
import { type DumpPrograms, dumpDatabase } from './postgres-dump.ts';

/** All that one project keeps. */
export interface ProjectStores {
  slug: string;
  databaseUrl: string;
  documents: DocumentPlace;
  objects: ObjectStore;
}

export interface BackUpOptions {
  folder: string;
  projects: readonly ProjectStores[];
  programs: DumpPrograms;
  say(line: string): void;
}

export function partsOf(folder: string, slug: string) {
  const own = join(folder, slug);
  return { own, dump: join(own, 'postgres.dump'), documents: join(own, 'documents'), objects: join(own, 'objects') };
}

/**
 * Writes all that must be kept into an empty folder, while everything runs. The order matters: what a part refers to is
 * in a later one, which therefore holds at least that.
 */
export async function backUp({ folder, projects, programs, say }: BackUpOptions): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new StudioError('INPUT_INVALID', `${folder} is not empty: give a new folder.`, { field: 'folder' });
  const startedAt = new Date().toISOString();
  const done: BackupManifest['projects'] = [];
  for (const { slug, databaseUrl, documents, objects } of projects) {
    const parts = partsOf(folder, slug);
    await mkdir(parts.own, { recursive: true });
    await dumpDatabase(programs, databaseUrl, parts.dump);
    const counts = await dumpDocuments(documents, parts.documents);
    const kept = await keepObjects(objects, parts.objects);
    say(`${slug}: database, ${sum(counts)} documents, ${kept} objects`);
    done.push({ slug, documents: counts, objects: kept });
  }
  const manifest: BackupManifest = {
    ...{ format: 1, product: product.version, startedAt, finishedAt: new Date().toISOString(), projects: done },
    files: await listFiles(folder),
  };
  await writeManifest(folder, manifest);
  return manifest;
}

async function keepObjects(objects: ObjectStore, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const found = await listOwnObjects(objects);
  for (const key of found) {
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await objects.getFile(key, path);
  }
  return found.length;
}

export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
