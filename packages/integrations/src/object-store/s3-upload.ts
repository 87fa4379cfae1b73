import { open } from 'node:fs/promises';
import { StudioError } from '@embedding-studio/contracts';
import { XMLParser } from 'fast-xml-parser';
import { requireS3Success } from './s3-answers.ts';
import type { S3Sender } from './s3-requests.ts';

/** What is sent, and kept in memory, at once. Stores ask for 5 MiB at least and take 10,000 parts. */
const partBytes = 16 * 2 ** 20;
const parser = new XMLParser({ parseTagValue: false });

/**
 * Sends a file under its key: in one request, or in parts that the store puts together at the end. Until then readers
 * see what was there before; an upload that fails leaves no parts behind.
 */
export async function uploadFile(send: S3Sender, key: string, path: string): Promise<void> {
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
    if (found.size <= partBytes) await putBytes(send, key, await read(0));
    else await uploadParts(send, key, { bytes: found.size, read });
  } finally {
    await file.close();
  }
}

export async function putBytes(send: S3Sender, key: string, body: Uint8Array): Promise<void> {
  requireS3Success(await send({ method: 'PUT', key, body }), key);
}

interface FileParts {
  bytes: number;
  read(offset: number): Promise<Uint8Array>;
}

async function uploadParts(send: S3Sender, key: string, { bytes, read }: FileParts): Promise<void> {
  const begun = requireS3Success(await send({ method: 'POST', key, query: { uploads: '' } }), key);
  const uploadId = readElement(begun.body, 'InitiateMultipartUploadResult', 'UploadId');
  try {
    const parts: string[] = [];
    for (let offset = 0; offset < bytes; offset += partBytes) {
      const partNumber = parts.length + 1;
      const query = { partNumber: String(partNumber), uploadId };
      const answer = requireS3Success(await send({ method: 'PUT', key, query, body: await read(offset) }), key);
      const etag = answer.headers.get('etag') ?? '';
      parts.push(`<Part><PartNumber>${partNumber}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`);
    }
    const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
    // Once done the upload is unknown: a second try of the same would be refused.
    const ended = await send({ method: 'POST', key, query: { uploadId }, body, retriesMax: 0 });
    // The store begins to answer before it is done: a failure may come with status 200.
    readElement(requireS3Success(ended, key).body, 'CompleteMultipartUploadResult', 'ETag');
  } catch (error) {
    await send({ method: 'DELETE', key, query: { uploadId } }).catch(() => undefined);
    throw error;
  }
}

function readElement(body: Uint8Array, root: string, name: string): string {
  const parsed: Record<string, Record<string, unknown> | undefined> = parser.parse(Buffer.from(body).toString('utf8'));
  const value = parsed[root]?.[name];
  if (typeof value === 'string') return value;
  throw new StudioError('STORE_UNAVAILABLE', `The object store did not finish an upload: no ${name} in its answer.`);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function unreadable(path: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', `There is no readable file at ${path}.`, { field: 'path', cause });
}
