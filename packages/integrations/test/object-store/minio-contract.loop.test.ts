import { afterAll, expect, it } from 'vitest';
import { createS3ObjectStore } from '../../src/object-store/index.ts';
import { startMinio } from '../s3/minio-server.ts';
import { testS3ObjectStore } from './test-s3-object-store.ts';

const minio = await startMinio('objects');

if (typeof minio === 'string') it.skip(`needs MinIO: ${minio}`, () => undefined);
else {
  afterAll(() => minio.stop());
  testS3ObjectStore('MinIO', { server: () => minio, replacesAtOnce: true });

  it('is refused with a wrong secret, which is named', async () => {
    const store = createS3ObjectStore({
      ...{ endpoint: minio.endpoint, region: 'us-east-1', bucket: 'objects', prefix: '' },
      ...{ accessKeyId: minio.accessKeyId, secretAccessKey: 'another', isPathStyle: true },
      ...{ timeoutMs: 10_000, retriesMax: 0 },
    });
    const refused = { code: 'STORE_UNAVAILABLE', message: /S3_SECRET_ACCESS_KEY.*SignatureDoesNotMatch/ };
    await expect(store.putObject('a', new Uint8Array(1))).rejects.toMatchObject(refused);
  });
}
