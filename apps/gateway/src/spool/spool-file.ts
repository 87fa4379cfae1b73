import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolEntry } from '@embedding-studio/contracts';

/** Blocks of a file system: what a small file takes of the disk. */
const blockBytes = 4_096;
/** No process takes so long to write one file. */
const abandonedMs = 60_000;

export interface SpoolFile {
  name: string;
  /** Of the disk. */
  bytes: number;
  writtenAt: Date;
  /** The store refused its entries before; nothing has to queue behind it. */
  isLate: boolean;
}

export function bytesOnDisk(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

export function toText(entries: readonly SpoolEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** A file appears whole, and on disk, or not at all: whoever reads the folder may take any that it sees. */
export async function writeSpoolFile(
  folder: string,
  { text, at, isLate }: { text: string; at: Date; isLate: boolean },
): Promise<SpoolFile> {
  const name = `${String(at.getTime()).padStart(15, '0')}-${randomUUID()}${isLate ? '.late' : ''}.jsonl`;
  const part = join(folder, `${name}.part`);
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(part, join(folder, name));
    await syncFolder(folder);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
  return { name, bytes: bytesOnDisk(Buffer.byteLength(text)), writtenAt: at, isLate };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Oldest first. */
export async function listSpoolFiles(folder: string): Promise<SpoolFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const files: SpoolFile[] = [];
  for (const name of names) {
    const size = await sizeOf(join(folder, name));
    if (size === null) continue;
    const writtenAt = new Date(Number(name.split('-')[0]));
    files.push({ name, bytes: bytesOnDisk(size), writtenAt, isLate: name.endsWith('.late.jsonl') });
  }
  return files;
}

/** Null: another process has taken it. */
async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

/** Entries of a file, and how many of its lines are none; null: another process has taken it. */
export async function readSpoolFile(path: string): Promise<{ entries: SpoolEntry[]; damaged: number } | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const entries = lines.flatMap((line) => toEntry(line) ?? []);
  return { entries, damaged: lines.length - entries.length };
}

const moments = new Set(['createdAt', 'receivedAt', 'acceptedAt', 'refusedAt']);
/** Of the application's own: times in there are text. */
const opaque = new Set(['meta', 'searchMeta']);

function toEntry(line: string): SpoolEntry | null {
  try {
    return revive(JSON.parse(line)) as SpoolEntry;
  } catch {
    return null;
  }
}

function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).map(([name, inner]) => {
    if (opaque.has(name)) return [name, inner];
    return [name, moments.has(name) ? new Date(String(inner)) : revive(inner)];
  });
  return Object.fromEntries(fields);
}

/** What a killed process had not finished, and nobody was told of. */
export async function removeAbandoned(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.part')) continue;
    if (now.getTime() - Number(name.split('-')[0]) > abandonedMs) await rm(join(folder, name), { force: true });
  }
}
