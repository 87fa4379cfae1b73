import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '@embedding-studio/contracts';
import type { SourceFile } from './catalogue.ts';

export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

/** The hash decides: whatever the source, files that are not the catalogue's are not used. */
export async function verifyFiles(folder: string, files: readonly SourceFile[], signal: AbortSignal): Promise<void> {
  for (const { name, sha256, bytes } of files) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw new StudioError('SOURCE_UNREACHABLE', `${name} is missing.`);
    if (found.size !== bytes || (await hashFile(path, signal)) !== sha256)
      throw new StudioError('SOURCE_UNREACHABLE', `${name} is not the file of the catalogue: its SHA-256 differs.`);
  }
}
