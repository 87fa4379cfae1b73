import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type BsonDocument, encodeDocument } from './bson-document.ts';
import { encodeFrame, readFrames } from './journal-frames.ts';
import { StoreError } from './store-error.ts';

const FRAME_BYTES = 4 * 1024 * 1024;

export function journalPath(folder: string, generation: number): string {
  return join(folder, `journal-${generation}`);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeFrame(file: number, records: Uint8Array[]): void {
  const frame = encodeFrame(records);
  for (let done = 0; done < frame.length; ) done += writeSync(file, frame, done);
}

function writeAll(file: number, records: Iterable<BsonDocument>): number {
  let count = 0;
  let bytes = 0;
  let batch: Uint8Array[] = [];
  for (const record of records) {
    const encoded = encodeDocument(record);
    batch.push(encoded);
    count++;
    bytes += encoded.length;
    if (bytes < FRAME_BYTES) continue;
    writeFrame(file, batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) writeFrame(file, batch);
  return count;
}

/** Reads the snapshot and returns the generation of the journal that continues it; 0 when there is none. */
export function readSnapshot(folder: string, apply: (record: BsonDocument) => void): number {
  const path = join(folder, 'snapshot');
  if (!existsSync(path)) return 0;
  const file = openSync(path, 'r');
  let generation: number | undefined;
  let count = 0;
  try {
    const size = fstatSync(file).size;
    const end = readFrames(file, size, (record) => {
      if (typeof record.generation === 'number') {
        if (record.count === count) generation = record.generation;
        return;
      }
      count++;
      apply(record);
    });
    if (end === size && generation !== undefined) return generation;
    const message = `The snapshot ${path} is damaged at byte ${end}: restore it from a backup, or move the folder away to start empty.`;
    throw new StoreError('OperationFailed', message);
  } finally {
    closeSync(file);
  }
}

/** Writes the state beside the old snapshot, starts an empty journal, and makes both count by one rename. */
export function writeSnapshot(folder: string, generation: number, records: Iterable<BsonDocument>): void {
  const draft = join(folder, 'snapshot.draft');
  const file = openSync(draft, 'w');
  try {
    const count = writeAll(file, records);
    writeFrame(file, [encodeDocument({ generation, count })]);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const journal = openSync(journalPath(folder, generation), 'w');
  fsyncSync(journal);
  closeSync(journal);
  syncFolder(folder);
  renameSync(draft, join(folder, 'snapshot'));
  syncFolder(folder);
  rmSync(journalPath(folder, generation - 1), { force: true });
}

/** Makes the first journal of a new folder, removes what an interrupted compaction left, refuses a missing journal. */
export function prepareJournals(folder: string, generation: number): void {
  rmSync(join(folder, 'snapshot.draft'), { force: true });
  const known = readdirSync(folder).flatMap((name) => /^journal-(\d+)$/.exec(name)?.[1] ?? []);
  const current = journalPath(folder, generation);
  if (!existsSync(current)) {
    if (generation > 0 || known.length > 0) {
      const message = `The folder ${folder} lacks its ${generation > 0 ? `journal-${generation}` : 'snapshot'}: restore it from a backup.`;
      throw new StoreError('OperationFailed', message);
    }
    closeSync(openSync(current, 'wx'));
    syncFolder(folder);
  }
  for (const number of known) if (Number(number) !== generation) rmSync(journalPath(folder, Number(number)));
}
