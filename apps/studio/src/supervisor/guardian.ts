import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ending } from './end-processes.ts';
import { nodeCommand } from './node-command.ts';

export interface Guardian {
  /** Tells what runs now. */
  update(endings: readonly Ending[]): void;
  close(): void;
}

/** A small process that outlives this one by as long as it takes to end the services. */
export function startGuardian(cwd: string): Guardian {
  let child: ChildProcess | null = null;
  let last = '[]\n';
  let closed = false;
  const launch = () => {
    const [program = '', ...args] = nodeCommand(fileURLToPath(new URL('./guardian-main.ts', import.meta.url)));
    child = spawn(program, args, { cwd, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.on('error', () => {});
    child.stdin?.write(last);
    child.on('error', () => {});
    child.on('exit', () => {
      if (!closed) setTimeout(launch, 500).unref();
    });
  };
  launch();
  return {
    update: (endings) => {
      last = `${JSON.stringify(endings)}\n`;
      child?.stdin?.write(last);
    },
    close: () => {
      closed = true;
      child?.stdin?.end('[]\n');
    },
  };
}
