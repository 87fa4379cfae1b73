import type { Command } from 'commander';

export function registerDemoCommand(program: Command): void {
  program.command('demo').description('Run the whole loop on real clicks and show what it gained.');
}
