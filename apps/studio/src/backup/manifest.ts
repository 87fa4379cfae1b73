import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

const ManifestFile = z.object({ path: z.string(), bytes: z.number(), sha256: z.string().length(64) });

export const BackupManifest = z.object({
  format: z.literal(1),
  product: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  projects: z.array(z.object({ slug: z.string(), documents: z.record(z.string(), z.number()), objects: z.number() })),
  files: z.array(ManifestFile),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

const manifestName = 'manifest.json';

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Every file below the folder with its hash, by path. */
export async function listFiles(folder: string): Promise<BackupManifest['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: BackupManifest['files'] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    if (!entry.isFile() || name === manifestName) continue;
    files.push({ path: name, bytes: (await stat(path)).size, sha256: await hashFile(path) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Comes last: a folder without it is no whole backup. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
}

/** @throws StudioError INPUT_INVALID where there is none, and where a file is missing, added or another one */
export async function checkManifest(folder: string): Promise<BackupManifest> {
  const path = join(folder, manifestName);
  if (!existsSync(path)) refuse(`${folder} holds no ${manifestName}: it is no whole backup.`);
  const manifest = BackupManifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  const found = new Map((await listFiles(folder)).map((file) => [file.path, file.sha256]));
  for (const { path: name, sha256 } of manifest.files)
    if (found.get(name) !== sha256) refuse(`${name} is ${found.has(name) ? 'not what was backed up' : 'missing'}.`);
  const known = new Set(manifest.files.map((file) => file.path));
  for (const name of found.keys()) if (!known.has(name)) refuse(`${name} is no part of the backup.`);
  return manifest;
}

function refuse(message: string): never {
  throw new StudioError('INPUT_INVALID', `Nothing was restored: ${message}`, { field: 'folder' });
}
