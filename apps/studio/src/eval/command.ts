import type { Command } from 'commander';

export function registerEvalCommand(program: Command): void {
  program.command('eval').description('Measure the loop on a folder of items, queries and judgements.');
}
