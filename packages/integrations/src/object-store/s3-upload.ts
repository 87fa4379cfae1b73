import { StudioError } from '@embedding-studio/contracts';
import { XMLParser } from 'fast-xml-parser';
import { type FileParts, partBytes, withFileParts } from './file-parts.ts';
import { requireS3Success } from './s3-answers.ts';
import type { S3Sender } from './s3-requests.ts';

const parser = new XMLParser({ parseTagValue: false });

/**
 * Sends a file under its key: in one request, or in parts that the store puts together at the end. Until then readers
 * see what was there before; an upload that fails leaves no parts behind.
 */
export function uploadFile(send: S3Sender, key: string, path: string): Promise<void> {
  return withFileParts(path, async (parts) => {
    if (parts.bytes <= partBytes) await putBytes(send, key, await parts.read(0));
    else await uploadParts(send, key, parts);
  });
}

export async function putBytes(send: S3Sender, key: string, body: Uint8Array): Promise<void> {
  requireS3Success(await send({ method: 'PUT', key, body }), key);
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
