import type { Command } from 'commander';
import { parseCount } from './parse-count.ts';
import type { EvalOptions } from './run-eval.ts';

export function registerEvalCommand(program: Command): void {
  program
    .command('eval')
    .description(
      'Measure the loop on a folder of items, queries and judgements: before and after learning from clicks.',
    )
    .requiredOption('--data <folder>', 'folder with items.jsonl, queries.jsonl, qrels.tsv and, if known, clicks.jsonl')
    .option('--json <file>', 'also write the report as JSON')
    .option('--model <name>', 'base model: a name of the catalogue, or auto', 'auto')
    .option('--method <name>', 'fine-tuning method; auto tries the cheap ones first', 'auto')
    .option(
      '--minutes <count>',
      'most that training may take; 0 compares the retrievers only',
      parseCount('minutes', 0),
      5,
    )
    .option(
      '--fold <number>',
      'test on the queries whose fold this is, train on the others; all: every turn, on one index',
      (value: string) => (value === 'all' ? value : parseCount('fold', 0)(value)),
    )
    .option('--images', 'index the pictures of the items alone, by a text encoder paired with an image backbone', false)
    .option('--seed <number>', 'seed of every random choice', parseCount('seed'), 1)
    .action(async (options: EvalOptions) => {
      // The engine is loaded only by the commands that need it.
      const { runEval } = await import('./run-eval.ts');
      await runEval(options);
    });
}
