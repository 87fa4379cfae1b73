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
    .option('--conformance', 'only the suites that also run against servers and sources that may or may not be there')
    .action(async (options: { fast?: boolean; conformance?: boolean }) => {
      const settings = readSettings();
      const passed = await runChecks({
        folder: findStateFolder(settings),
        extent: options.conformance ? 'conformance' : options.fast ? 'fast' : 'full',
        settings,
        log: createProgress(),
      });
      if (!passed) process.exitCode = 1;
    });
}
