import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const unpackTimeoutMs = 5 * 60_000;

/** The folder itself, or where its `images.tar` was unpacked: what is in `scratch` is replaced. */
export async function openPictureFolder({ folder, scratch }: { folder: string; scratch: string }): Promise<string> {
  const archive = join(folder, 'images.tar');
  const isPacked = await access(archive).then(
    () => true,
    () => false,
  );
  if (!isPacked) return folder;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  await run('tar', ['-xf', archive, '-C', scratch, '--no-same-owner'], { timeout: unpackTimeoutMs });
  return scratch;
}

/** Where the field `image` of an item points to; null for nothing or a place outside the folder. */
export function findPicture(root: string, image: unknown): string | null {
  if (typeof image !== 'string') return null;
  const path = resolve(root, image);
  const inside = relative(root, path);
  return inside.startsWith('..') || isAbsolute(inside) ? null : path;
}
