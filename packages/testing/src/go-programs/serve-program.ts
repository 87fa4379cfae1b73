import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServedProgram {
  stop(): Promise<void>;
}

const startMs = 30_000;

/** Starts a server and waits until it answers. Its output is thrown away: tests say what they miss. */
export async function serveProgram(
  path: string,
  args: readonly string[],
  { answers, env = {} }: { answers: () => Promise<boolean>; env?: Record<string, string> },
): Promise<ServedProgram> {
  const child = spawn(path, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  for (const until = Date.now() + startMs; !(await answers()); await sleep(100)) {
    if (child.exitCode === null && Date.now() < until) continue;
    await end(child);
    throw new TypeError(`${path} did not start (exit ${child.exitCode})`);
  }
  return { stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((settle) => child.once('exit', settle));
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
