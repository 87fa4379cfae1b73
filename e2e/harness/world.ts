import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureStandby } from './ensure-standby.ts';
import { saveAdmin } from './save-admin.ts';

const root = resolve(import.meta.dirname, '../..');

export interface World {
  consoleUrl: string;
  gatewayUrl: string;
  chromium: string;
  /** Cookies of the first admin, as Playwright stores them. */
  adminState: string;
  /** Where pictures of the pages go. */
  pictures: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    world: World;
  }
}

function run(args: string[], variables: Record<string, string>): Promise<string> {
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
async function ensureDemo(): Promise<string> {
  const { E2E_FOLDER } = process.env;
  if (E2E_FOLDER) return resolve(E2E_FOLDER);
  const folder = join(root, '.studio/e2e');
  const report = join(folder, 'demo.json');
  mkdirSync(folder, { recursive: true });
  const usable = existsSync(report) && existsSync(join(folder, 'demo/postgres'));
  if (!usable) await run(['demo', '--data', 'icons', '--minutes', '0.3', '--json', report], { STUDIO_FOLDER: folder });
  return join(folder, 'demo');
}

/** Starts everything that `./studio up` does on a demo's data, and signs in the first admin. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await ensureDemo();
  const variables = { STUDIO_FOLDER: folder };
  const said = await run(['up', '-d'], variables);
  const stop = async () => {
    await run(['down'], variables);
  };
  try {
    const { urls } = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
    const pictures = join(root, '.cache/pictures');
    mkdirSync(pictures, { recursive: true });
    const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const adminState = join(folder, 'e2e-admin.json');
    const setUpLink = /console, first start: (\S+)/.exec(said)?.[1] ?? null;
    await saveAdmin({ chromium, consoleUrl: urls.consoleUrl, setUpLink, path: adminState });
    await ensureStandby({ consoleUrl: urls.consoleUrl, adminState });
    project.provide('world', { ...urls, chromium, adminState, pictures });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
