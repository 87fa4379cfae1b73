import { chromium } from 'playwright-core';
import { browserArguments } from './browser-arguments.ts';

export const admin = { name: 'Ada Admin', email: 'ada@example.org', password: 'correct horse battery' };

/** Makes the first account by the set-up link, or signs in to the one made earlier, and keeps its cookies in a file. */
export async function saveAdmin(options: {
  chromium: string;
  consoleUrl: string;
  setUpLink: string | null;
  path: string;
}): Promise<void> {
  const browser = await chromium.launch({ executablePath: options.chromium, args: browserArguments });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(options.setUpLink ?? `${options.consoleUrl}/sign-in`);
    const isFirst = (await page.getByRole('button', { name: 'Create the first account' }).count()) > 0;
    if (isFirst) await page.getByLabel('Name').fill(admin.name);
    await page.getByLabel('Email').fill(admin.email);
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: isFirst ? 'Create the first account' : 'Sign in' }).click();
    await page.waitForURL('**/overview');
    await context.storageState({ path: options.path });
  } finally {
    await browser.close();
  }
}
