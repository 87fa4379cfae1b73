import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ObjectAnswer, ObjectSink } from './patient-requests.ts';

/**
 * Written beside its place and renamed, so that a reader of the path sees all or nothing. `requireSuccess` throws
 * where the answer is not the object; it gets the first piece of its body, in which a store tells why.
 */
export async function downloadFile(
  path: string,
  ask: (sink: ObjectSink) => Promise<Omit<ObjectAnswer, 'body'>>,
  requireSuccess: (answer: ObjectAnswer) => void,
): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(unfinished, 'wx');
  try {
    const start: Uint8Array[] = [];
    const answer = await ask(fillFile(file, start));
    requireSuccess({ ...answer, body: start[0] ?? new Uint8Array() });
    await file.close();
    await rename(unfinished, path);
  } finally {
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
  }
}

/** `start` gets the first piece: where the store refuses it tells the reason. */
function fillFile(file: FileHandle, start: Uint8Array[]): ObjectSink {
  let offset = 0;
  return {
    restart: async () => {
      start.splice(0);
      offset = 0;
      await file.truncate(0);
    },
    write: async (piece) => {
      if (start.length === 0) start.push(piece);
      await file.write(piece, 0, piece.length, offset);
      offset += piece.length;
    },
  };
}
