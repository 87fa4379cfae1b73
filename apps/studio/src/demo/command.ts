import type { Command } from 'commander';
import { parseCount, parseMinutes } from '../eval/parse-count.ts';
import type { DemoOptions } from './run-demo.ts';

export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('Run the whole loop on real clicks and show what it gained.')
    .option('--data <folder>', 'folder that holds movies-msrd, any data folder, or icons (default: ../shared/data)')
    .option('--json <file>', 'also write the report as JSON')
    .option('--model <name>', 'base model: a name of the catalogue, or auto', 'auto')
    .option('--minutes <count>', 'most that training may take', parseMinutes)
    .option('--seed <number>', 'seed of every random choice', parseCount('seed'), 1)
    .option('--stay', 'keep serving at the end until Ctrl-C (the default at a terminal without --json)')
    .option(
      '--experiment',
      'instead: two models live, interleaved and A/B tested beside the known truth, and a canary that fails',
    )
    .action(async ({ experiment, ...options }: DemoOptions & { experiment?: boolean }) => {
      // The engine is loaded only by the commands that need it.
      if (experiment === true) {
        const { runExperimentDemo } = await import('../experiment-demo/run-experiment-demo.ts');
        return runExperimentDemo(options);
      }
      const { runDemo } = await import('./run-demo.ts');
      await runDemo(options);
    });
}
