import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TestRedis {
  url: string;
  /** Empties the server, as an accident would. */
  flushAll(): Promise<void>;
  /** SIGKILL, without a chance to write anything. */
  kill(): Promise<void>;
  /** Starts again on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Is there a server program at all? Tests of the Redis backend are skipped where there is none. */
export function findRedisProgram(): string | null {
  const programs = ['redis-server', 'valkey-server'];
  return programs.find((program) => spawnSync(program, ['--version'], { timeout: 5_000 }).status === 0) ?? null;
}

/** A private server on a free port that forgets everything when it ends. */
export async function startTestRedis(): Promise<TestRedis> {
  const program = findRedisProgram();
  if (program === null) throw new Error('No redis-server: run `apt-get install redis-server`.');
  const folder = await mkdtemp(join(tmpdir(), 'studio-test-redis-'));
  const port = await findPort();
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const child = spawn(program, args, { stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await waitForAnswer(port);
    return { child, ended };
  };
  let running = await start();
  const end = async (): Promise<void> => {
    running.child.kill('SIGKILL');
    await running.ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    flushAll: async () => void (await send(port, 'FLUSHALL')),
    kill: end,
    restart: async () => {
      running = await start();
    },
    stop: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitForAnswer(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await send(port, 'PING').catch(() => '')).startsWith('+PONG')) return;
    await sleep(50);
  }
  throw new Error('The Redis server did not start.');
}

function send(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.setTimeout(2_000, () => socket.destroy(new Error('Redis did not answer')));
    socket.once('data', (chunk) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
