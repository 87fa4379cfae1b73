import { createHash, randomUUID } from 'node:crypto';
import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { type FileParts, partBytes, withFileParts } from './file-parts.ts';
import { type GcsSender, readJson, requireGcsSuccess } from './gcs-requests.ts';
import type { ObjectAnswer } from './patient-requests.ts';

export interface GcsPlace {
  sender: GcsSender;
  bucket: string;
  /** The key in the bucket. */
  name: string;
}

const Stored = z.object({ md5Hash: z.string().optional() });
/** What Google answers to a part of an upload that is not done. */
const resumeIncomplete = 308;
const octets = 'application/octet-stream';

/** In one request, together with the hash of the bytes: a body that arrives with another one is refused. */
export async function putGcsBytes({ sender, bucket, name }: GcsPlace, bytes: Uint8Array): Promise<void> {
  const boundary = randomUUID();
  const described = JSON.stringify({ name, md5Hash: createHash('md5').update(bytes).digest('base64') });
  const body = Buffer.concat([
    Buffer.from(`--${boundary}\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${described}\r\n`),
    Buffer.from(`--${boundary}\r\ncontent-type: ${octets}\r\n\r\n`),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = { 'content-type': `multipart/related; boundary=${boundary}` };
  const query = { uploadType: 'multipart', fields: 'md5Hash' };
  requireGcsSuccess(await sender.send({ method: 'POST', path: uploadPath(bucket), query, headers, body }), name);
}

/** In one request, or in parts of an upload that can be resumed; until its end readers see what was there before. */
export function uploadGcsFile(place: GcsPlace, path: string): Promise<void> {
  return withFileParts(path, async (parts) => {
    if (parts.bytes <= partBytes) await putGcsBytes(place, await parts.read(0));
    else await uploadParts(place, parts);
  });
}

async function uploadParts(place: GcsPlace, { bytes, read }: FileParts): Promise<void> {
  const { sender, name } = place;
  const address = await beginUpload(place, bytes);
  const hash = createHash('md5');
  try {
    for (let offset = 0; offset < bytes; offset += partBytes) {
      const part = await read(offset);
      hash.update(part);
      const answer = await sendPart(sender, address, { part, offset, bytes });
      if (offset + part.length < bytes) requireKept(answer, { name, end: offset + part.length });
      else requireSame(requireGcsSuccess(answer, name), { name, md5: hash.digest('base64') });
    }
  } catch (error) {
    await sender.send({ method: 'DELETE', path: address }).catch(() => undefined);
    throw error;
  }
}

async function beginUpload({ sender, bucket, name }: GcsPlace, bytes: number): Promise<string> {
  const headers = {
    ...{ 'content-type': 'application/json; charset=utf-8' },
    ...{ 'x-upload-content-type': octets, 'x-upload-content-length': String(bytes) },
  };
  const query = { uploadType: 'resumable', fields: 'md5Hash' };
  const body = Buffer.from(JSON.stringify({ name }));
  const answer = await sender.send({ method: 'POST', path: uploadPath(bucket), query, headers, body });
  const address = requireGcsSuccess(answer, name).headers.get('location');
  if (address !== null && URL.canParse(address)) return address;
  throw new StudioError('STORE_UNAVAILABLE', 'The object store began an upload without an address.');
}

interface Part {
  part: Uint8Array;
  offset: number;
  bytes: number;
}

/** A part that is sent again has the same bytes and place, which Google takes for the same part. */
function sendPart(sender: GcsSender, address: string, { part, offset, bytes }: Part): Promise<ObjectAnswer> {
  const range = `bytes ${offset}-${offset + part.length - 1}/${bytes}`;
  const headers = { 'content-type': octets, 'content-range': range };
  return sender.send({ method: 'PUT', path: address, headers, body: part });
}

/** The answer tells how much has been kept. */
function requireKept({ status, headers }: ObjectAnswer, { name, end }: { name: string; end: number }): void {
  if (status === resumeIncomplete && headers.get('range') === `bytes=0-${end - 1}`) return;
  throw new StudioError(
    'STORE_UNAVAILABLE',
    `The object store broke off the upload of ${name}: ${status}, kept ${headers.get('range') ?? 'nothing'} of ${end}.`,
  );
}

/** What is stored is what was read, else it must not be used. */
function requireSame(answer: ObjectAnswer, { name, md5 }: { name: string; md5: string }): void {
  const stored = Stored.safeParse(readJson(answer)).data?.md5Hash;
  if (stored === undefined || stored === md5) return;
  throw new StudioError('STORE_UNAVAILABLE', `The object store has kept ${name} with other bytes than were sent.`);
}

function uploadPath(bucket: string): string {
  return `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`;
}
