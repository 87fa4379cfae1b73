import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { browserArguments } from './browser-arguments.ts';

export interface ConsoleOptions {
  width?: number;
  theme?: 'light' | 'dark';
  /** Default: the first admin. */
  isSignedIn?: boolean;
}

export interface OpenConsole {
  page: Page;
  /** Opens a page of the console and waits until its skeletons are gone. */
  visit(path: string): Promise<void>;
  /** Rules of WCAG 2.2 AA that the page breaks, each with its elements; empty when clean. */
  findFaults(): Promise<string[]>;
  /** Pictures of the page as it is, in both themes and at both widths, for people. */
  shoot(name: string): Promise<void>;
  /** Errors of scripts and failed requests since it was opened. */
  errors: string[];
  close(): Promise<void>;
}

let browser: Promise<Browser> | null = null;

/** A browser page of somebody who is signed in, on the demo's data. */
export async function openConsole(options: ConsoleOptions = {}): Promise<OpenConsole> {
  const world = inject('world');
  browser ??= chromium.launch({ executablePath: world.chromium, args: browserArguments });
  const context = await (await browser).newContext({
    baseURL: world.consoleUrl,
    viewport: { width: options.width ?? 1280, height: options.width === 390 ? 844 : 800 },
    colorScheme: options.theme ?? 'light',
    ...(options.isSignedIn === false ? {} : { storageState: world.adminState }),
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('response', (answer) => {
    if (answer.status() >= 500) errors.push(`${answer.status()} ${answer.url()}`);
  });
  return {
    page,
    errors,
    visit: async (path) => {
      await page.goto(path);
      await page.locator('main [aria-busy="true"]:not(button)').first().waitFor({ state: 'detached' });
    },
    findFaults: () => findFaults(page),
    shoot: (name) => shoot(page, join(world.pictures, name)),
    close: () => context.close(),
  };
}

async function findFaults(page: Page): Promise<string[]> {
  const isThere = await page.evaluate<boolean>('typeof axe !== "undefined"');
  if (!isThere) await page.evaluate(axe.source);
  await awaitStill(page);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  return page.evaluate(async (values) => {
    const checker = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await checker.run({ runOnly: { type: 'tag', values } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  }, tags);
}

/** What fades in is judged by the colours that it ends with. */
async function awaitStill(page: Page): Promise<void> {
  await page.evaluate(() => {
    const isEnding = (motion: Animation) => motion.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
    return Promise.allSettled(
      document
        .getAnimations()
        .filter(isEnding)
        .map(({ finished }) => finished),
    );
  });
}

/** Charts measure themselves in one frame and draw in the next. */
async function awaitDrawn(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(settle)))),
  );
}

async function shoot(page: Page, path: string): Promise<void> {
  const size = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await awaitDrawn(page);
      await page.screenshot({ path: `${path}-${colorScheme}-${width}.png`, animations: 'disabled' });
    }
  await page.emulateMedia({ colorScheme: 'light' });
  if (size) await page.setViewportSize(size);
}
