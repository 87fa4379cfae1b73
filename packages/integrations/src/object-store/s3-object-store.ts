import { type ObjectStore, StudioError } from '@embedding-studio/contracts';
import { parseS3Listing } from '../s3/s3-listing.ts';
import { deleteBelow, listBucket, type ReadPage } from './bucket-keys.ts';
import { downloadFile } from './download-file.ts';
import { parseObjectKey } from './object-key.ts';
import { requireS3Success } from './s3-answers.ts';
import { createS3Sender, receiveS3, type S3Sender, type S3StoreSettings } from './s3-requests.ts';
import { putBytes, uploadFile } from './s3-upload.ts';

export interface S3ObjectStoreSettings extends S3StoreSettings {
  /** Keys per page of a listing; default and most 1,000. */
  pageKeys?: number;
}

/**
 * ObjectStore over a bucket of Amazon S3, MinIO or another store that speaks the same. Keys are those of the bucket below `prefix`. Times of objects may be whole seconds.
 * A missing object is MODEL_NOT_FOUND; a store that is away, or refuses the settings, STORE_UNAVAILABLE.
 */
export function createS3ObjectStore(settings: S3ObjectStoreSettings): ObjectStore {
  const send = createS3Sender(settings);
  const bucket = { prefix: settings.prefix, pageKeys: settings.pageKeys, readPage: pagesOf(send) };
  const place = (key: string): string => settings.prefix + parseObjectKey(key).join('/');
  return {
    putObject: async (key, bytes) => putBytes(send, place(key), bytes),
    putFile: async (key, path) => uploadFile(send, place(key), path),
    getObject: async (key) =>
      new Uint8Array(requireS3Success(await send({ method: 'GET', key: place(key) }), key).body),
    getFile: async (key, path) => {
      const request = { method: 'GET', key: place(key) } as const;
      await downloadFile(
        path,
        (sink) => receiveS3(settings, request, sink),
        (answer) => void requireS3Success(answer, key),
      );
    },
    hasObject: async (key) => {
      const answer = await send({ method: 'HEAD', key: place(key) });
      if (answer.status === 404) return false;
      requireS3Success(answer, key);
      return true;
    },
    listObjects: (prefix) => listBucket(bucket, prefix),
    deleteObjects: (prefix) => deleteBelow(bucket, prefix, (key) => remove(send, place(key))),
  };
}

async function remove(send: S3Sender, key: string): Promise<void> {
  const answer = await send({ method: 'DELETE', key });
  // Somebody else was faster.
  if (answer.status !== 404) requireS3Success(answer, key);
}

function pagesOf(send: S3Sender): ReadPage {
  return async ({ prefix, keysMax, token }) => {
    const query = { 'list-type': '2', 'encoding-type': 'url', prefix, 'max-keys': String(keysMax) };
    const whole = { ...query, ...(token !== null && { 'continuation-token': token }) };
    const answer = requireS3Success(await send({ method: 'GET', key: '', query: whole }), '');
    try {
      return parseS3Listing(Buffer.from(answer.body).toString('utf8'));
    } catch (cause) {
      throw new StudioError('STORE_UNAVAILABLE', 'The object store answers with no S3 listing.', { cause });
    }
  };
}
