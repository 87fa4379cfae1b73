import { findProgram } from './find-program.ts';
import type { Machine } from './machine.ts';
import { installCommand } from './system-packages.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** A browser for the console's tests, installed when that is allowed; null, after a word why, when there is none. */
export async function ensureChromium(machine: Machine): Promise<string | null> {
  const found = findProgram(names, machine.searchPath);
  if (found !== null) return found;
  if (machine.packages.refusal === null) await machine.packages.install(['chromium']);
  const installed = findProgram(names, machine.searchPath);
  if (installed === null) machine.progress.warn(`no browser for the console's tests: ${installCommand(['chromium'])}`);
  return installed;
}
