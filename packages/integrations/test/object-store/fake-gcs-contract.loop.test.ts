import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createGcsObjectStore, type GcsObjectStoreSettings } from '../../src/object-store/index.ts';
import { startFakeGcs } from '../gcs/fake-gcs-server.ts';
import { testObjectStorePort } from './test-object-store-port.ts';

const gcs = await startFakeGcs('objects');

if (typeof gcs === 'string') it.skip(`needs fake-gcs-server: ${gcs}`, () => undefined);
else {
  let prefixes = 0;
  /** An own prefix is as good as an empty bucket. */
  const open = (more: Partial<GcsObjectStoreSettings> = {}) =>
    createGcsObjectStore({
      ...{ endpoint: gcs.endpoint, bucket: 'objects', prefix: `test-${++prefixes}/` },
      ...{ credentials: { kind: 'none' }, timeoutMs: 10_000, retriesMax: 2 },
      ...more,
    });
  afterAll(() => gcs.stop());
  testObjectStorePort('fake-gcs-server', {
    timeGrainMs: 5,
    createStore: async () => ({ store: open(), close: async () => undefined }),
  });

  it('sends a file of many parts and gets the same bytes back', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'studio-gcs-scratch-'));
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

  it('names the bucket when it is wrong, as a failure of the store', async () => {
    const unknown = open({ bucket: 'nothing' }).listObjects('a');
    await expect(unknown).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: /GCS_BUCKET/ });
  });
}
