import { afterAll, beforeAll } from 'vitest';
import { type S3Server, startS3Server } from '../s3/s3-server.ts';
import { testS3ObjectStore } from './test-s3-object-store.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server('objects');
});
afterAll(() => server.stop());

// s3rver writes over the file of an object; MinIO, as S3 itself, replaces it.
testS3ObjectStore('S3', { server: () => server, replacesAtOnce: false });
