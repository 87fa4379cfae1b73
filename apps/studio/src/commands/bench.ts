import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from 'commander';
import { childEnvironment } from '../environment.ts';
import { repositoryFolder } from '../services/machine.ts';
import { nodeCommand } from '../supervisor/node-command.ts';

export function registerBenchCommand(program: Command): void {
  program
    .command('bench')
    .description('Run a benchmark; all figures of one run are ratios.')
    .argument('[args...]', 'name of the benchmark and its options')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[]) => {
      const [node = '', ...rest] = nodeCommand(join(repositoryFolder, 'bench/main.ts'), args);
      const child = spawn(node, rest, { stdio: 'inherit', cwd: repositoryFolder, env: childEnvironment() });
      process.exitCode = await new Promise<number>((settle) => {
        child.on('error', () => settle(1));
        child.on('exit', (code) => settle(code ?? 1));
      });
    });
}
