import { open } from 'node:fs/promises';
import { StudioError } from '@embedding-studio/contracts';

/** What is sent, and kept in memory, at once. S3 asks for 5 MiB at least and takes 10,000 parts; Google, for whole 256 KiB. */
export const partBytes = 16 * 2 ** 20;

export interface FileParts {
  bytes: number;
  /** The part that begins there. */
  read(offset: number): Promise<Uint8Array>;
}

/**
 * Opens a file to send it part by part.
 * @throws StudioError INPUT_INVALID naming `path` where it cannot be read, or changes meanwhile
 */
export async function withFileParts<T>(path: string, send: (parts: FileParts) => Promise<T>): Promise<T> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw unreadable(path);
    const read = async (offset: number): Promise<Uint8Array> => {
      const part = Buffer.alloc(Math.min(partBytes, found.size - offset));
      const { bytesRead } = await file.read(part, 0, part.length, offset);
      if (bytesRead !== part.length) throw unreadable(path);
      return part;
    };
    return await send({ bytes: found.size, read });
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', `There is no readable file at ${path}.`, { field: 'path', cause });
}
