import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeCommand } from '../../src/supervisor/node-command.ts';
import type { ServiceSpec } from '../../src/supervisor/service-spec.ts';

/** A service that needs nothing: it says that it is ready, then waits; with a file `broken` in the folder it ends at once. */
export function sleeperSpec(folder: string, name: string): ServiceSpec {
  const script = `test -e ${join(folder, 'broken')} && { echo it is broken; exit 7; }; echo is up; exec sleep 600`;
  return {
    name,
    command: ['sh', '-c', script],
    env: process.env,
    cwd: folder,
    user: null,
    stopSignal: 'SIGTERM',
    isReady: async (output) => output.includes('is up'),
    readyTimeoutMs: 20_000,
  };
}

/** Runs a supervisor with one such service in a process of its own, and resolves when it is up. */
export async function spawnSupervisor(folder: string): Promise<number> {
  const [node = '', ...args] = nodeCommand(fileURLToPath(new URL('./supervisor-main.ts', import.meta.url)), [folder]);
  const child = spawn(node, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  while (!existsSync(join(folder, 'is-up'))) {
    if (child.exitCode !== null) throw new Error(`The supervisor of this test ended with ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return child.pid ?? 0;
}
