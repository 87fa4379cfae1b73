import type { Command } from 'commander';
import { readSettings } from '../environment.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress } from '../terminal/progress.ts';
import { runChecks } from './test-run.ts';

export function registerTestCommand(program: Command): void {
  program
    .command('test')
    .description('Lint, types and every test on real services; ends with the count of passed and failed tests.')
    .option('--fast', 'only what needs no service: lint, types, unit tests')
    .action(async (options: { fast?: boolean }) => {
      const settings = readSettings();
      const passed = await runChecks({
        folder: findStateFolder(settings),
        fast: options.fast === true,
        settings,
        log: createProgress(),
      });
      if (!passed) process.exitCode = 1;
    });
}
