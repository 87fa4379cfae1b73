import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { type OpenConsole, openConsole } from './harness/open-console.ts';

let opened: OpenConsole | null = null;
const open = async (path: string, options: Parameters<typeof openConsole>[0] = {}) => {
  opened = await openConsole(options);
  await opened.visit(path);
  return opened;
};
afterEach(() => opened?.close());

const patience = { timeout: 60_000 };

async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('button', { name: 'Stop fine-tuning' }).click();
  await page.getByRole('button', { name: 'Resume' }).waitFor(patience);
}

describe('fine-tuning', () => {
  it('lists what was trained and opens it: steps, gate and its reasons in words', async () => {
    const { page, findFaults, shoot, errors } = await open('/fine-tuning');
    await page.getByRole('list', { name: 'Fine-tunings' }).getByRole('link').last().click();
    await page.waitForURL(/fine-tuning\/.+/);
    const steps = page.getByRole('list', { name: 'Steps' });
    await steps.locator('[data-step="train"][data-state="done"]').waitFor();
    await page
      .getByRole('list', { name: 'Rules of the gate' })
      .getByText(/held-out queries changes by/)
      .waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('fine-tuning-job');
    expect(errors).toEqual([]);
  });

  it('says in the form what is wrong with a setting, and what training would take', async () => {
    const { page, findFaults } = await open('/fine-tuning?start=true');
    const start = page.getByRole('button', { name: 'Start fine-tuning' });
    await page.getByLabel('Temperature').fill('7');
    await page.getByText(/Too big/).waitFor();
    await expect.poll(() => start.isDisabled()).toBe(true);
    await page.getByLabel('Temperature').fill('0.07');
    await page.getByTestId('estimate').waitFor();
    await expect.poll(() => start.isDisabled()).toBe(false);
    expect(await findFaults()).toEqual([]);
  });

  it('starts a training, shows its curves and log live, stops it, and resumes from its checkpoint', async () => {
    const { page, findFaults } = await open('/fine-tuning?start=true');
    await page.getByLabel('Sessions', { exact: true }).click();
    await page.getByRole('option').nth(1).click();
    await page.getByLabel('Roll out if the gate accepts').uncheck();
    await page.getByLabel('Seconds max').fill('600');
    await page.getByRole('button', { name: 'Start fine-tuning' }).click();
    await page.waitForURL(/fine-tuning\/.+/);
    await page.locator('[data-curve="loss"]').waitFor({ timeout: 120_000 });
    const log = page.getByRole('log');
    await log.getByText(/sessions: .* queries with/).waitFor();
    expect(await findFaults()).toEqual([]);
    await stop(page);
    await log.getByText(/^Stopped on request/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Resume' }).click();
    await log.getByText(/^Resumed from the checkpoint after step \d+/).waitFor({ timeout: 120_000 });
    await stop(page);
  }, 400_000);

  it('keeps the rows behind that training: filtered, opened one by one beside the list, down to their session', async () => {
    const { page, findFaults, shoot, errors } = await open('/fine-tuning');
    await page.getByRole('list', { name: 'Fine-tunings' }).getByRole('link').first().click();
    const rows = page.getByRole('table', { name: 'Training rows' }).getByRole('row');
    await rows.nth(1).waitFor();
    await page.getByRole('radio', { name: /^Clicked/ }).click();
    await page.waitForURL(/label=clicked/);
    await expect.poll(() => rows.filter({ hasText: /skipped|unobserved/ }).count()).toBe(0);
    await rows.nth(1).click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByText('Trained on', { exact: true }).waitFor();
    const session = await peek.getByRole('link', { name: 'Open the session' }).getAttribute('href');
    await peek.getByRole('button', { name: 'Rows of the session' }).click();
    await page.waitForURL((url) => url.searchParams.get('session') !== null && !url.searchParams.has('label'));
    expect(session).toContain(new URL(page.url()).searchParams.get('session') ?? 'none');
    expect(await findFaults()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('table', { name: 'Training rows' }).scrollIntoViewIfNeeded();
    await shoot('training-rows');
    expect(errors).toEqual([]);
  });

  it('hands those rows out as a file', async () => {
    const { page, errors } = await open('/fine-tuning');
    await page.getByRole('list', { name: 'Fine-tunings' }).getByRole('link').first().click();
    await page.getByRole('table', { name: 'Training rows' }).getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: /TREC qrels/ }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/^training-set-[0-9a-f]{12}\.qrels$/);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(lines.filter((line) => !/^q[0-9a-f]{16} 0 \S+ [0-3]$/.test(line))).toEqual([]);
    expect(new Set(lines.map((line) => line.split(' ').at(-1)))).toContain('0');
    expect(errors).toEqual([]);
  });

  it('tries tiers, cheapest first, and shows what each gained over the best before', async () => {
    const { page, findFaults, shoot, errors } = await open('/fine-tuning?start=true');
    await page.getByLabel('Method', { exact: true }).click();
    await page.getByRole('option', { name: /Automatic choice of tier/ }).click();
    await page.getByLabel('Sessions', { exact: true }).click();
    await page.getByRole('option').nth(1).click();
    await page.getByLabel('Roll out if the gate accepts').uncheck();
    await page.getByLabel('Tiers', { exact: true }).fill('T2, T1');
    await page.getByRole('button', { name: 'Start fine-tuning' }).click();
    await page.waitForURL(/fine-tuning\/.+/);
    const rows = page.getByRole('region', { name: 'Tiers compared' }).getByRole('row');
    await rows.nth(3).waitFor({ timeout: 180_000 });
    expect((await rows.allInnerTexts()).slice(1).map((row) => row.slice(0, 2))).toEqual(['T0', 'T1', 'T2']);
    await expect.poll(() => rows.filter({ hasText: 'chosen' }).count()).toBe(1);
    expect(await findFaults()).toEqual([]);
    await shoot('tiers');
    expect(errors).toEqual([]);
  }, 300_000);
});
