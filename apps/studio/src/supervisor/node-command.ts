import { createRequire } from 'node:module';

const loader = createRequire(import.meta.url).resolve('tsx');

/** The command that runs a TypeScript file in a Node process of its own. */
export function nodeCommand(file: string, args: readonly string[] = []): string[] {
  return [process.execPath, '--import', loader, file, ...args];
}
