import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** One process, or one server, of an installation. */
export interface Part {
  name: string;
  /** Of what runs now; for figures about it. */
  pid(): number | null;
  /** SIGKILL; returns once it is gone. */
  kill(): Promise<void>;
  /** As an orchestrator does: again until it is ready. */
  start(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

export interface NodeProgram {
  name: string;
  /** From the repository's root. */
  entry: string;
  args?: readonly string[];
  env?: Record<string, string>;
  logFolder: string;
}

export const repository = fileURLToPath(new URL('../../', import.meta.url));
const readyTimeoutMs = 60_000;
/** A wait between two starts of what ended at once. */
const restMs = 500;

/** A program of the product in a process of its own, not started yet. */
export function nodePart(program: NodeProgram): Part {
  let running: { child: ChildProcess; ended: Promise<void> } | null = null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    running?.child.kill(signal);
    await running?.ended;
    running = null;
  };
  return {
    name: program.name,
    pid: () => running?.child.pid ?? null,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGKILL'),
    async start() {
      const deadline = Date.now() + readyTimeoutMs;
      while (Date.now() < deadline) {
        running = launch(program);
        if (await isReady(running)) return;
        await sleep(restMs);
      }
      throw new Error(`${program.name} does not start: see ${join(program.logFolder, `${program.name}.log`)}`);
    },
  };
}

function launch({ name, entry, args = [], env = {}, logFolder }: NodeProgram) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(repository, entry), ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(join(logFolder, `${name}.log`), { flags: 'a' }));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { child, ended };
}

/** False: it ended before it was ready. */
async function isReady({ child, ended }: { child: ChildProcess; ended: Promise<void> }): Promise<boolean> {
  const ready = new Promise<boolean>((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-2_000);
      if (/"ready":true|^ready /m.test(text)) resolve(true);
    });
  });
  return Promise.race([ready, ended.then(() => false)]);
}
