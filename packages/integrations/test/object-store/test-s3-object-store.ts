import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createS3ObjectStore, type S3ObjectStoreSettings } from '../../src/object-store/index.ts';
import type { S3Server } from '../s3/s3-server.ts';
import { testObjectStorePort } from './test-object-store-port.ts';

let prefixes = 0;

/** The port's suite and what is particular to S3, on a server with an empty bucket `objects`. */
export function testS3ObjectStore(
  name: string,
  { server, replacesAtOnce }: { server: () => S3Server; replacesAtOnce: boolean },
): void {
  /** An own prefix is as good as an empty bucket. */
  const open = (more: Partial<S3ObjectStoreSettings> = {}) =>
    createS3ObjectStore({
      ...{ endpoint: server().endpoint, region: 'us-east-1', bucket: 'objects', prefix: `test-${++prefixes}/` },
      ...{ accessKeyId: server().accessKeyId, secretAccessKey: server().secretAccessKey },
      ...{ isPathStyle: true, timeoutMs: 10_000, retriesMax: 2 },
      ...more,
    });
  testObjectStorePort(name, {
    timeGrainMs: 1_000,
    replacesAtOnce,
    createStore: async () => ({ store: open(), close: async () => undefined }),
  });
  describe(`S3 object store: ${name}`, () => {
    it('sends a file of many parts and gets the same bytes back', async () => {
      const scratch = await mkdtemp(join(tmpdir(), 'studio-s3-scratch-'));
      const store = open();
      const bytes = Buffer.alloc(33 * 2 ** 20 + 7, 'parts of a model ');
      await writeFile(join(scratch, 'large'), bytes);
      await store.putFile('models/m1/model.onnx', join(scratch, 'large'));
      await store.getFile('models/m1/model.onnx', join(scratch, 'back'));
      expect(bytes.equals(await readFile(join(scratch, 'back')))).toBe(true);
      expect(await store.listObjects('models')).toMatchObject([{ key: 'models/m1/model.onnx', bytes: bytes.length }]);
      expect((await readdir(scratch)).sort()).toEqual(['back', 'large']);
      await rm(scratch, { recursive: true });
    });

    it('lists and deletes more objects than one page holds', async () => {
      const store = open({ pageKeys: 7 });
      const keys = Array.from({ length: 20 }, (_, at) => `sets/${String(at).padStart(2, '0')}`);
      for (const key of keys) await store.putObject(key, new Uint8Array(1));
      expect((await store.listObjects('sets')).map(({ key }) => key)).toEqual(keys);
      await store.deleteObjects('sets');
      expect(await store.listObjects('')).toEqual([]);
    });

    it('names the bucket or the keys when these are wrong, as a failure of the store', async () => {
      const unknown = open({ bucket: 'nothing' }).listObjects('a');
      await expect(unknown).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: /S3_BUCKET/ });
      const refused = open({ accessKeyId: 'NOBODY' }).putObject('a', new Uint8Array(1));
      await expect(refused).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: /S3_ACCESS_KEY_ID/ });
    });
  });
}
