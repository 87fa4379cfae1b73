import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureDemo, root, runStudio } from './ensure-demo.ts';
import { ensureStandby } from './ensure-standby.ts';
import { saveAdmin } from './save-admin.ts';

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

/** Starts everything that `./studio up` does on a demo's data, and signs in the first admin. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await ensureDemo();
  const variables = { STUDIO_FOLDER: folder };
  const said = await runStudio(['up', '-d'], variables);
  const stop = async () => {
    await runStudio(['down'], variables);
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
