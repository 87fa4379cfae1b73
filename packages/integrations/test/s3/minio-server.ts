import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@embedding-studio/testing';
import { findProgram, serveProgram } from '@embedding-studio/testing/go-programs';
import { AwsClient } from 'aws4fetch';
import type { S3Server } from './s3-server.ts';

const keys = { accessKeyId: 'studio-tests', secretAccessKey: 'studio-tests-secret' };

/** Why there is none, in words, or a MinIO on this machine with one empty bucket. */
export async function startMinio(bucket: string): Promise<S3Server | string> {
  const found = await findProgram('minio');
  if ('missing' in found) return found.missing;
  const folder = await mkdtemp(join(tmpdir(), 'studio-minio-'));
  const address = `127.0.0.1:${await findFreePort()}`;
  const endpoint = `http://${address}`;
  const args = ['server', '--address', address, '--console-address', '127.0.0.1:0', folder];
  const served = await serveProgram(found.path, args, {
    env: { MINIO_ROOT_USER: keys.accessKeyId, MINIO_ROOT_PASSWORD: keys.secretAccessKey },
    answers: () => hasBucket(endpoint, bucket),
  });
  const stop = async () => {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { endpoint, ...keys, stop };
}

/** Makes it; false while the server is not up. */
async function hasBucket(endpoint: string, bucket: string): Promise<boolean> {
  const client = new AwsClient({ ...keys, service: 's3', region: 'us-east-1', retries: 0 });
  const answer = await client.fetch(`${endpoint}/${bucket}`, { method: 'PUT' }).catch(() => null);
  return answer !== null && (answer.ok || answer.status === 409);
}
