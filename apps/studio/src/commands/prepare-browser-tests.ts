import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, type Settings } from '../environment.ts';
import { buildConsole } from '../services/console-service.ts';
import { createMachine, repositoryFolder } from '../services/machine.ts';
import type { Progress } from '../terminal/progress.ts';

/**
 * The console's pages and a demo's data take minutes to make; they are made beside the tests before, at low priority. Never
 * throws: what is missing afterwards the browser tests make themselves, and say why where they cannot.
 */
export async function prepareBrowserTests(options: {
  folder: string;
  settings: Settings;
  log: Progress;
}): Promise<void> {
  const { folder, settings, log } = options;
  try {
    await buildConsole(createMachine(settings, log), log);
    await makeDemo(join(folder, 'e2e-demo.log'));
  } catch (error) {
    log.warn(`e2e tests: not prepared beforehand: ${String(error)}`);
  }
}

function makeDemo(logFile: string): Promise<void> {
  mkdirSync(join(logFile, '..'), { recursive: true });
  const command = [process.execPath, '--import', 'tsx', 'e2e/harness/prepare.ts'];
  const child = spawn('nice', ['-n', '10', ...command], {
    cwd: repositoryFolder,
    env: childEnvironment({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = createWriteStream(logFile);
  child.stdout.pipe(written, { end: false });
  child.stderr.pipe(written, { end: false });
  return new Promise((settle, fail) => {
    child.on('error', fail);
    child.on('exit', (code) =>
      code === 0 ? settle() : fail(new TypeError(`the demo ended with ${code}, see ${logFile}`)),
    );
  });
}
