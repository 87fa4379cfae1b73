import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSite } from '../sources/local-site.ts';

export interface S3Server {
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  stop(): Promise<void>;
}

const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** An S3 server on this machine with one empty bucket, its files in a folder of its own. */
export async function startS3Server(bucket: string): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-s3-'));
  const port = await findPort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = startProgram(folder, { port, bucket });
  await awaitAnswer(endpoint);
  const stop = async () => {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  };
  return { endpoint, ...keys, stop };
}

async function findPort(): Promise<number> {
  const site = await openSite((_, response) => response.end());
  await site.close();
  return site.port;
}

/** Its tokens of listings need an old cipher that Node leaves out by default: hence a process of its own. */
function startProgram(folder: string, { port, bucket }: { port: number; bucket: string }): ChildProcess {
  const program = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js');
  const args = ['-d', folder, '-a', '127.0.0.1', '-p', String(port), '-s', '--configure-bucket', bucket];
  return spawn(process.execPath, ['--openssl-legacy-provider', program, ...args], { stdio: 'ignore' });
}

async function awaitAnswer(endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await sleep(50);
  }
  throw new TypeError('the S3 server does not start');
}
