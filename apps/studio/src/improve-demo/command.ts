import type { Command } from 'commander';
import { parseCount } from '../eval/parse-count.ts';
import type { ImproveDemoOptions } from './run-improve-demo.ts';

export function registerImproveDemoCommand(program: Command): void {
  program
    .command('improve-demo')
    .description(
      'Click once and search again: what learning between fine-tunings changes, for whom, and what it keeps.',
    )
    .option('--data <folder>', 'any data folder (default: the packaged icons)')
    .option('--model <name>', 'base model: a name of the catalogue, or auto', 'auto')
    .option('--items <count>', 'items to ingest at most', parseCount('items'), 1_000)
    .option('--queries <count>', 'queries to click on', parseCount('queries'), 5)
    .option('--people <count>', 'others who click the same', parseCount('people'), 20)
    .action(async (options: ImproveDemoOptions) => {
      const { runImproveDemo } = await import('./run-improve-demo.ts');
      await runImproveDemo(options);
    });
}
