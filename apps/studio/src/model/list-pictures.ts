import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';

/** Picture files anywhere below a folder, in order of their names. */
export async function listPictures(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new StudioError('INPUT_INVALID', `${folder} cannot be read.`, { field: 'pictures', cause });
  });
  const files = entries.filter((entry) => entry.isFile() && /\.(png|jpe?g|webp)$/i.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
