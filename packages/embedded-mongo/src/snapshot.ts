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
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type BsonDocument, encodeDocument } from './bson-document.ts';
import { encodeFrame, readFrames } from './journal-frames.ts';
import { StoreError } from './store-error.ts';

const FRAME_BYTES = 4 * 1024 * 1024;
/** Others are answered between pieces. */
const PIECE_BYTES = 512 * 1024;

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
  const file = openSync(draftPath(folder), 'w');
  try {
    const count = writeAll(file, records);
    writeFrame(file, [encodeDocument({ generation, count })]);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  createJournal(folder, generation);
  publish(folder, generation);
}

/** The empty journal that the next generation begins with. */
export function createJournal(folder: string, generation: number): string {
  const path = journalPath(folder, generation);
  const journal = openSync(path, 'w');
  fsyncSync(journal);
  closeSync(journal);
  syncFolder(folder);
  return path;
}

/**
 * As `writeSnapshot`, a piece at a time, while the state goes on changing: every change is in the journal of
 * `generation`, so that replaying it over documents of any age in between ends with the state.
 * @returns false when `isStopped` said so before the end; nothing has changed then.
 */
export async function writeSnapshotInPieces(
  folder: string,
  generation: number,
  { records, isStopped }: { records: Iterable<BsonDocument>; isStopped: () => boolean },
): Promise<boolean> {
  const file = await open(draftPath(folder), 'w');
  let count = 0;
  try {
    for (const piece of piecesOf(records)) {
      if (isStopped()) return false;
      count += piece.length;
      await file.write(encodeFrame(piece));
    }
    await file.write(encodeFrame([encodeDocument({ generation, count })]));
    await file.sync();
  } finally {
    await file.close();
  }
  if (isStopped()) return false;
  publish(folder, generation);
  return true;
}

function* piecesOf(records: Iterable<BsonDocument>): Generator<Uint8Array[]> {
  let piece: Uint8Array[] = [];
  let bytes = 0;
  for (const record of records) {
    const encoded = encodeDocument(record);
    piece.push(encoded);
    bytes += encoded.length;
    if (bytes < PIECE_BYTES) continue;
    yield piece;
    piece = [];
    bytes = 0;
  }
  if (piece.length > 0) yield piece;
}

function publish(folder: string, generation: number): void {
  renameSync(draftPath(folder), join(folder, 'snapshot'));
  syncFolder(folder);
  for (const known of listJournals(folder)) if (known < generation) rmSync(journalPath(folder, known), { force: true });
}

const draftPath = (folder: string) => join(folder, 'snapshot.draft');

function listJournals(folder: string): number[] {
  const known = readdirSync(folder).flatMap((name) => /^journal-(\d+)$/.exec(name)?.[1] ?? []);
  return known.map(Number).sort((a, b) => a - b);
}

/**
 * Makes the first journal of a new folder, removes what an interrupted compaction left, refuses a missing journal.
 * Returns the generations to be read, in order: more than one after a crash in the middle of a compaction.
 */
export function prepareJournals(folder: string, generation: number): number[] {
  rmSync(draftPath(folder), { force: true });
  const known = listJournals(folder);
  const later = known.filter((number) => number >= generation);
  const missing = later.findIndex((number, at) => number !== generation + at);
  if (missing >= 0 || (later.length === 0 && (generation > 0 || known.length > 0))) {
    const lacking = later[0] === undefined && generation === 0 ? 'snapshot' : nameOfLacking(generation, missing);
    const message = `The folder ${folder} lacks its ${lacking}: restore it from a backup.`;
    throw new StoreError('OperationFailed', message);
  }
  if (later.length === 0) createJournal(folder, generation);
  for (const number of known) if (number < generation) rmSync(journalPath(folder, number));
  return later.length === 0 ? [generation] : later;
}

function nameOfLacking(generation: number, missing: number): string {
  const lacking = generation + Math.max(0, missing);
  return lacking === 0 ? 'snapshot' : `journal-${lacking}`;
}
