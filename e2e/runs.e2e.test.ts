import { openMongo } from '@embedding-studio/db/mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { seedRuns } from '@embedding-studio/testing/seed-runs';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OpenConsole, openConsole } from './harness/open-console.ts';

let opened: OpenConsole | null = null;
const open = async (path: string, options: Parameters<typeof openConsole>[0] = {}) => {
  opened = await openConsole(options);
  await opened.visit(path);
  return opened;
};
afterEach(() => opened?.close());

/** Enough to crowd a chart; how five hundred do is measured by a benchmark. */
const runs = 120;
let experimentId = '';

beforeAll(async () => {
  const { mongodbUrl, objectsFolder } = inject('world') as unknown as { mongodbUrl: string; objectsFolder: string };
  const objects = createFolderObjectStore({ folder: objectsFolder });
  const mongo = await openMongo({ url: mongodbUrl, database: 'embedding_studio', objects });
  const startedAt = new Date();
  ({ experimentId } = await seedRuns(mongo.tracker, {
    experiment: 'sweep',
    runs,
    steps: 60,
    seed: 1,
    startedAt,
  }));
  await mongo.close();
}, 120_000);

describe('runs', () => {
  it('draws the curves of an experiment, by process time and grouped, with the numbers behind them', async () => {
    const { page, findFaults, shoot, errors } = await open(`/runs?experiment=${experimentId}`);
    await page
      .getByTestId('run-total')
      .filter({ hasText: `${runs} runs` })
      .waitFor();
    const loss = page.locator('[data-metric="loss"]');
    await loss.getByRole('group', { name: /20 curves/ }).waitFor();
    await page.getByRole('radio', { name: 'Process' }).click();
    await page.waitForURL(/axis=process/);
    await page.getByLabel('Group by', { exact: true }).click();
    await page.getByRole('option', { name: 'loss.kind' }).click();
    await loss.getByRole('group', { name: /2 curves/ }).waitFor();
    await loss.getByRole('button', { name: /as a table/ }).click();
    await loss.getByRole('cell', { name: /contrastive/ }).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('runs-charts');
    expect(errors).toEqual([]);
  });

  it('sorts the table by a metric, opens a run beside it, pins it, and moves on by keys', async () => {
    const { page, findFaults } = await open(`/runs?experiment=${experimentId}&view=table`);
    await page.getByRole('button', { name: 'validation.ndcg10' }).click();
    await page.waitForURL(/sort=metrics.validation.ndcg10/);
    const first = page.locator('tr[data-run]').first();
    await first.getByRole('button').first().click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    const title = await peek.getByRole('heading').first().textContent();
    await peek.getByRole('button', { name: 'Pin as baseline' }).click();
    await page.getByText('Pinned: other runs').waitFor();
    await page.keyboard.press('j');
    await expect.poll(() => peek.getByRole('heading').first().textContent()).not.toBe(title);
    expect(await findFaults()).toEqual([]);
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });
  });

  it('keeps runs within a brushed range of parallel coordinates, and fades the others', async () => {
    const { page, findFaults, shoot } = await open(`/runs?experiment=${experimentId}&view=parallel`);
    const count = page.getByTestId('inside-count');
    await count.filter({ hasText: `${runs} of ${runs}` }).waitFor();
    const axis = page.getByRole('slider', { name: 'Range of learningRate' });
    await axis.focus();
    for (let press = 0; press < 6; press++) await page.keyboard.press('ArrowUp');
    await page.waitForURL(/brush=/);
    await expect.poll(async () => Number((await count.textContent())?.split(' ')[0])).toBeLessThan(runs);
    await page.getByRole('button', { name: 'Flip learningRate' }).click();
    await page.waitForURL(/flipped=/);
    expect(await findFaults()).toEqual([]);
    await shoot('runs-parallel');
  });

  it('shows only what differs between marked runs', async () => {
    const { page } = await open(`/runs?experiment=${experimentId}&view=table`);
    const boxes = page.getByRole('checkbox', { name: /^Mark / });
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByRole('radio', { name: 'Diff' }).click();
    await page.getByRole('rowheader', { name: /learningRate/ }).waitFor();
    expect(await page.getByRole('rowheader', { name: /maxTokens/ }).count()).toBe(0);
    await page.getByLabel('Also what is equal').check();
    await page.getByRole('rowheader', { name: /maxTokens/ }).waitFor();
  });

  it('is usable on a phone', async () => {
    const { page, findFaults } = await open(`/runs?experiment=${experimentId}&view=table`, { width: 390 });
    await page.locator('tr[data-run]').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await findFaults()).toEqual([]);
  });
});
