import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '@embedding-studio/testing';
import { AwsClient } from 'aws4fetch';
import type { S3Server } from './s3-server.ts';

const run = promisify(execFile);
const release = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';
const home = fileURLToPath(new URL('../../../../.studio/minio', import.meta.url));
const buildMs = 20 * 60_000;
const startMs = 30_000;
const keys = { accessKeyId: 'studio-tests', secretAccessKey: 'studio-tests-secret' };

/** Why there is none, in words, or a MinIO on this machine with one empty bucket. */
export async function startMinio(bucket: string): Promise<S3Server | string> {
  const given = process.env.STUDIO_TEST_MINIO;
  const program = given ?? join(home, 'minio');
  const missing = existsSync(program) ? null : given === undefined ? await build() : `there is no program at ${given}`;
  return missing ?? startProgram(program, bucket);
}

/** Only where it is asked for: it takes minutes. Null once it is built. */
async function build(): Promise<string | null> {
  const sources = process.env.STUDIO_SOURCES?.split(',').map((name) => name.trim());
  if (sources !== undefined && !sources.includes('go')) return 'STUDIO_SOURCES leaves out go';
  if (process.env.STUDIO_TEST_INSTALLS !== '1') return 'MinIO is not built, and STUDIO_TEST_INSTALLS is not 1';
  await mkdir(home, { recursive: true });
  const env = { ...process.env, GOBIN: home, CGO_ENABLED: '0' };
  return run('go', ['install', release], { env, timeout: buildMs }).then(
    () => null,
    (error: unknown) =>
      `MinIO could not be built with the Go toolchain: ${String(error instanceof Error ? error.message : error).slice(0, 300)}`,
  );
}

async function startProgram(program: string, bucket: string): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-minio-'));
  const port = await findFreePort();
  const address = `127.0.0.1:${port}`;
  const child = spawn(program, ['server', '--address', address, '--console-address', '127.0.0.1:0', folder], {
    stdio: 'ignore',
    env: { ...process.env, MINIO_ROOT_USER: keys.accessKeyId, MINIO_ROOT_PASSWORD: keys.secretAccessKey },
  });
  const endpoint = `http://${address}`;
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + startMs; !(await hasBucket(endpoint, bucket)); await sleep(200)) {
    if (child.exitCode === null && Date.now() < until) continue;
    await stop();
    throw new TypeError(`MinIO did not start (exit ${child.exitCode})`);
  }
  return { endpoint, ...keys, stop };
}

/** Makes it; false while the server is not up. */
async function hasBucket(endpoint: string, bucket: string): Promise<boolean> {
  const client = new AwsClient({ ...keys, service: 's3', region: 'us-east-1', retries: 0 });
  const answer = await client.fetch(`${endpoint}/${bucket}`, { method: 'PUT' }).catch(() => null);
  return answer !== null && (answer.ok || answer.status === 409);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((settle) => child.once('exit', settle));
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(5_000)]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
