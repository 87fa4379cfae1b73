import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { ask } from './harness/ask.ts';
import { consoleForCases } from './harness/console-for-cases.ts';
import { findFilter, findTellingQuery, findTopQuery } from './harness/find-queries.ts';

const open = consoleForCases();

const columnsOf = (...settings: object[]) => `columns=${encodeURIComponent(JSON.stringify(settings))}`;
const listOf = (page: Page, column: number) => page.getByRole('list', { name: `Results of column ${column}` });
const toast = (page: Page, text: string | RegExp) => page.locator('[data-sonner-toast]').filter({ hasText: text });

const world = inject('world');
const queryPath = (query: string) => `/search?q=${encodeURIComponent(query)}`;

describe('the playground', () => {
  it('compares columns on one query, tells what moved, and keeps it all in the address', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    await visit('/search');
    await page.getByLabel('Query', { exact: true }).fill(await findTellingQuery(world));
    await page.keyboard.press('Enter');
    await listOf(page, 1).getByRole('listitem').nth(9).waitFor();
    await page.getByRole('button', { name: 'Add a column like column 1' }).click();
    await page.getByRole('button', { name: 'Settings of column 2' }).click();
    await page.getByLabel('Finds by').selectOption('lexical');
    await page.keyboard.press('Escape');
    await listOf(page, 2).getByText('new').first().waitFor();
    const alike = page.getByRole('list', { name: 'How alike the columns are' });
    expect(await alike.innerText()).toMatch(/1 → 2\s+shared \d+\s+lost \d+\s+new \d+\s+Jaccard 0\.\d\d\s+RBO 0\.\d\d/);
    expect(await findFaults()).toEqual([]);
    await shoot('search');
    const before = await listOf(page, 2).innerText();
    await page.reload();
    await listOf(page, 2).getByRole('listitem').nth(9).waitFor();
    expect(await listOf(page, 2).innerText()).toBe(before);
    expect(errors).toEqual([]);
  });

  it('judges in place by key, and gives the column its nDCG', async () => {
    const { page, visit } = await open();
    // Nobody has judged this one before.
    const query = `${await findTopQuery(world)} ${Date.now()}`;
    await visit(queryPath(query));
    const first = listOf(page, 1).getByRole('listitem').first();
    await first.getByRole('button').first().focus();
    await page.keyboard.press('3');
    await toast(page, 'Judged 3').waitFor();
    await page.getByText('nDCG@10 1.000').waitFor();
    await page.getByRole('tab', { name: 'Golden set' }).click();
    await page.getByRole('button', { name: query }).click();
    await first.getByRole('button').first().focus();
    await page.keyboard.press('x');
    await toast(page, 'Grade taken back').waitFor();
    await page.getByText('nDCG@10 –').waitFor();
  });

  it('says why a result stands where it stands, and walks through the list by keys', async () => {
    const { page, visit, findFaults } = await open();
    await visit(`${queryPath(await findTopQuery(world))}&${columnsOf({}, { improvement: false })}`);
    await listOf(page, 1).getByRole('listitem').first().getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByRole('row', { name: /Cosine/ }).waitFor();
    expect(await findFaults()).toEqual([]);
    const title = await peek.getByRole('heading', { level: 2 }).innerText();
    await page.keyboard.press('j');
    await peek.getByRole('heading', { level: 2 }).filter({ hasNotText: title }).waitFor();
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });
  });

  it('filters by the lines of the builder', async () => {
    const { page, visit } = await open();
    const { field, value } = await findFilter(world);
    await visit(queryPath(await findTopQuery(world)));
    await page.getByRole('button', { name: 'Settings of column 1' }).click();
    await page.getByRole('button', { name: 'Condition' }).click();
    await page.getByLabel('Field').fill(field);
    await page.getByLabel('Operator').selectOption('is');
    await page.getByLabel('Value').fill(value);
    await page.keyboard.press('Enter');
    await page.getByText('filtered', { exact: true }).waitFor();
    await page.waitForURL(/term/);
    await listOf(page, 1).getByRole('listitem').first().waitFor();
  });

  it('replays a session: what it showed beside what is found now', async () => {
    const { page, visit, errors } = await open();
    const batches = await ask<{ batchId: string; sessionCount: number }[]>(world, 'session.listBatches', { limit: 20 });
    const batchId = batches.find(({ sessionCount }) => sessionCount > 0)?.batchId;
    const input = { batchId, afterNumber: 0, limit: 1 };
    const { sessions } = await ask<{ sessions: { sessionId: string }[] }>(world, 'session.listBatchSessions', input);
    await visit(`/search?session=${sessions[0]?.sessionId}`);
    await page.getByRole('heading', { name: 'As it was shown' }).waitFor();
    await listOf(page, 2).getByRole('listitem').first().waitFor();
    await page.getByRole('button', { name: 'Leave the replay' }).click();
    await page.getByRole('heading', { name: 'As it was shown' }).waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('runs its columns over a query set and opens the worst of them', async () => {
    const { page, visit, findFaults, shoot } = await open();
    await visit(`/search?view=set&${columnsOf({}, { retriever: 'lexical' })}`);
    await page.getByRole('button', { name: 'Compare 2 columns' }).click();
    await page.getByRole('heading', { name: 'Where they disagree most' }).waitFor({ timeout: 90_000 });
    expect(await findFaults()).toEqual([]);
    await shoot('search-query-set');
    const worst = page.getByRole('table').last().getByRole('button').first();
    const query = await worst.innerText();
    await worst.click();
    await page.getByRole('list', { name: 'How alike the columns are' }).waitFor();
    expect(await page.getByLabel('Query', { exact: true }).inputValue()).toBe(query);
  });

  it('saves a view and comes back to it', async () => {
    const { page, visit } = await open();
    await visit('/search?q=robots&limit=20');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name of the view').fill('Robots, top 20');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await toast(page, 'saved').waitFor();
    await visit('/search');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Robots, top 20', exact: true }).click();
    await page.waitForURL(/q=robots/);
    await listOf(page, 1).getByRole('listitem').nth(19).waitFor();
    await page.getByRole('button', { name: 'Robots, top 20' }).click();
    await page.getByRole('button', { name: 'Delete Robots, top 20' }).click();
    await toast(page, 'deleted').waitFor();
  });

  it('is usable and clean at 390 pixels, and empty before anything is asked', async () => {
    const { page, visit, findFaults } = await open({ width: 390, theme: 'dark' });
    await visit('/search');
    await page.getByText('Ask something your users ask').waitFor();
    expect(await findFaults()).toEqual([]);
    await visit(`${queryPath(await findTopQuery(world))}&${columnsOf({}, { retriever: 'lexical' })}`);
    await listOf(page, 1).getByRole('listitem').first().waitFor();
    expect(await findFaults()).toEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
