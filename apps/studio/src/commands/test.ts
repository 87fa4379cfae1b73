import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from '../environment.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress } from '../terminal/progress.ts';
import { runChecks, type TestRunOptions } from './test-run.ts';

interface TestFlags {
  fast?: boolean;
  conformance?: boolean;
  console?: boolean;
  reports?: string;
}

function extentOf(options: TestFlags): TestRunOptions['extent'] {
  if (options.console) return 'console';
  if (options.conformance) return 'conformance';
  return options.fast ? 'fast' : 'full';
}

export function registerTestCommand(program: Command): void {
  program
    .command('test')
    .description('Lint, types and every test on real services; ends with the count of passed and failed tests.')
    .option('--fast', 'only what needs no service: lint, types, unit tests')
    .option('--conformance', 'only the suites that also run against servers and sources that may or may not be there')
    .option('--console', 'only the console in a browser, on a demo’s data; installs Chromium where that is allowed')
    .option('--reports <folder>', 'keep the JSON report of each kind of test there')
    .action(async ({ reports, ...options }: TestFlags) => {
      const settings = readSettings();
      const passed = await runChecks({
        folder: findStateFolder(settings),
        extent: extentOf(options),
        ...(reports !== undefined && { reports: resolve(reports) }),
        settings,
        log: createProgress(),
      });
      if (!passed) process.exitCode = 1;
    });
}
