import { afterEach } from 'vitest';
import { type ConsoleOptions, type OpenConsole, openConsole } from './open-console.ts';

/** Opens the console for the cases of a file, and closes it behind each of them. */
export function consoleForCases(): (options?: ConsoleOptions) => Promise<OpenConsole> {
  const opened: OpenConsole[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  return async (options) => {
    const one = await openConsole(options);
    opened.push(one);
    return one;
  };
}
