import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export function runStudio(args: string[], variables: Record<string, string>): Promise<string> {
  return new Promise((settle, fail) => {
    const child = spawn(join(root, 'studio'), args, {
      cwd: root,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? settle(said) : fail(new TypeError(`studio ${args[0]}: exit ${code}`))));
  });
}

/**
 * The state folder of a finished demo: E2E_FOLDER where it is set, else one of the packaged icons, which is made here in
 * a minute or two and kept for the next time.
 */
export async function ensureDemo(): Promise<string> {
  const { E2E_FOLDER } = process.env;
  if (E2E_FOLDER) return resolve(E2E_FOLDER);
  const folder = join(root, '.studio/e2e');
  const report = join(folder, 'demo.json');
  mkdirSync(folder, { recursive: true });
  const usable = existsSync(report) && existsSync(join(folder, 'demo/postgres'));
  if (!usable)
    await runStudio(['demo', '--data', 'icons', '--minutes', '0.3', '--json', report], { STUDIO_FOLDER: folder });
  return join(folder, 'demo');
}
