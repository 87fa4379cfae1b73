import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type BsonDocument, decodeDocument } from './bson-document.ts';

/* A frame is `magic, payload length, CRC-32 of the payload seeded with the length`, then BSON records end to end.
   One commit is one frame, and the next is written only after it is on disk: a crash can tear the last one only. */
const MAGIC = Buffer.from('ESJ1');
const HEADER_BYTES = 12;

export function encodeFrame(records: Uint8Array[]): Buffer {
  const payload = Buffer.concat(records);
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(payload.length, 4);
  header.writeUInt32LE(crc32(payload, payload.length), 8);
  return Buffer.concat([header, payload]);
}

/** The record `{ n: namespace, p: document }` around bytes that are BSON already. */
export function encodePut(namespace: string, document: Uint8Array): Uint8Array {
  const nameBytes = Buffer.byteLength(namespace);
  const record = Buffer.allocUnsafe(4 + 3 + 4 + nameBytes + 1 + 3 + document.length + 1);
  let at = record.writeInt32LE(record.length, 0);
  at += record.write('\u0002n\0', at, 'latin1');
  at = record.writeInt32LE(nameBytes + 1, at);
  at += record.write(namespace, at, 'utf8');
  at = record.writeUInt8(0, at);
  at += record.write('\u0003p\0', at, 'latin1');
  record.set(document, at);
  record.writeUInt8(0, at + document.length);
  return record;
}

function readBytes(file: number, at: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  let done = 0;
  while (done < count) {
    const read = readSync(file, bytes, done, count - done, at + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

function readPayload(file: number, at: number, size: number): Buffer | undefined {
  if (at + HEADER_BYTES > size) return undefined;
  const header = readBytes(file, at, HEADER_BYTES);
  const length = header.readUInt32LE(4);
  if (!header.subarray(0, 4).equals(MAGIC) || at + HEADER_BYTES + length > size) return undefined;
  const payload = readBytes(file, at + HEADER_BYTES, length);
  return crc32(payload, length) === header.readUInt32LE(8) ? payload : undefined;
}

function* recordsOf(payload: Buffer): Generator<BsonDocument> {
  for (let at = 0; at < payload.length; ) {
    const length = payload.readInt32LE(at);
    yield decodeDocument(payload.subarray(at, at + length));
    at += length;
  }
}

/** Reads frames from the start; returns where the first unreadable byte is (the size when all is well). */
export function readFrames(file: number, size: number, apply: (record: BsonDocument) => void): number {
  let at = 0;
  while (at < size) {
    const payload = readPayload(file, at, size);
    if (!payload) return at;
    for (const record of recordsOf(payload)) apply(record);
    at += HEADER_BYTES + payload.length;
  }
  return at;
}

/** A whole frame after unreadable bytes means that durable history is damaged, not that the last write was torn. */
export function hasFrameAfter(file: number, from: number, size: number): boolean {
  const chunk = 1 << 20;
  for (let base = from; base < size; base += chunk) {
    const bytes = readBytes(file, base, Math.min(chunk + MAGIC.length - 1, size - base));
    for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
      if (base + at > from && readPayload(file, base + at, size)) return true;
    }
  }
  return false;
}
