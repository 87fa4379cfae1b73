import { type ObjectStore, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { deleteBelow, listBucket, type ReadPage } from './bucket-keys.ts';
import { downloadFile } from './download-file.ts';
import { createGcsSender, type GcsSender, type GcsStoreSettings, readJson, requireGcsSuccess } from './gcs-requests.ts';
import { putGcsBytes, uploadGcsFile } from './gcs-upload.ts';
import { parseObjectKey } from './object-key.ts';

export interface GcsObjectStoreSettings extends GcsStoreSettings {
  /** Keys per page of a listing; default and most 1,000. */
  pageKeys?: number;
}

const Listing = z.object({
  items: z.array(z.object({ name: z.string(), updated: z.string(), size: z.coerce.number() })).default([]),
  nextPageToken: z.string().optional(),
});

/**
 * ObjectStore over a bucket of Google Cloud Storage, by its JSON API. Keys are those of the bucket below `prefix`.
 * A missing object is MODEL_NOT_FOUND; a store that is away, or refuses the settings, STORE_UNAVAILABLE.
 */
export function createGcsObjectStore(settings: GcsObjectStoreSettings): ObjectStore {
  const sender = createGcsSender(settings);
  const base = `/storage/v1/b/${encodeURIComponent(settings.bucket)}/o`;
  const nameOf = (key: string): string => settings.prefix + parseObjectKey(key).join('/');
  const pathOf = (key: string): string => `${base}/${encodeURIComponent(nameOf(key))}`;
  const placeOf = (key: string) => ({ sender, bucket: settings.bucket, name: nameOf(key) });
  const bucket = { prefix: settings.prefix, pageKeys: settings.pageKeys, readPage: pagesOf(sender, base) };
  const content = (key: string) => ({ method: 'GET', path: pathOf(key), query: { alt: 'media' } }) as const;
  return {
    putObject: async (key, bytes) => putGcsBytes(placeOf(key), bytes),
    putFile: async (key, path) => uploadGcsFile(placeOf(key), path),
    getObject: async (key) => new Uint8Array(requireGcsSuccess(await sender.send(content(key)), key).body),
    getFile: async (key, path) => {
      const request = content(key);
      await downloadFile(
        path,
        (sink) => sender.receive(request, sink),
        (answer) => void requireGcsSuccess(answer, key),
      );
    },
    hasObject: async (key) => {
      const answer = await sender.send({ method: 'GET', path: pathOf(key), query: { fields: 'name' } });
      if (answer.status === 404) return false;
      requireGcsSuccess(answer, key);
      return true;
    },
    listObjects: (prefix) => listBucket(bucket, prefix),
    deleteObjects: (prefix) =>
      deleteBelow(bucket, prefix, async (key) => {
        const answer = await sender.send({ method: 'DELETE', path: pathOf(key) });
        // Somebody else was faster.
        if (answer.status !== 404) requireGcsSuccess(answer, key);
      }),
  };
}

function pagesOf(sender: GcsSender, path: string): ReadPage {
  return async ({ prefix, keysMax, token }) => {
    const query = { prefix, maxResults: String(keysMax), fields: 'items(name,size,updated),nextPageToken' };
    const whole = { ...query, ...(token !== null && { pageToken: token }) };
    const answer = requireGcsSuccess(await sender.send({ method: 'GET', path, query: whole }), '');
    const page = Listing.safeParse(readJson(answer)).data;
    if (page === undefined)
      throw new StudioError('STORE_UNAVAILABLE', 'The object store answers with no listing of Google Cloud Storage.');
    const entries = page.items.map(({ name, size, updated }) => ({
      ...{ key: name, bytes: size, modifiedMs: Date.parse(updated) },
    }));
    return { entries, token: page.nextPageToken ?? null };
  };
}
