import { describe, expect, it } from 'vitest';
import { consoleForCases } from './harness/console-for-cases.ts';

const open = consoleForCases();

const patience = { timeout: 60_000 };

describe('analytics', () => {
  it('draws the chosen figure slice by slice, and keeps all of it in the address', async () => {
    const { page, visit, findFaults, errors, shoot } = await open();
    await visit('/analytics?period=90d');
    await page.getByRole('group', { name: 'CTR@10 by time' }).waitFor(patience);
    expect(await findFaults()).toEqual([]);
    await page.locator('[data-figure="no-click-rate"]').click();
    await page.waitForURL(/metric=no-click-rate/);
    await page.getByRole('combobox', { name: 'By' }).click();
    await page.getByRole('option', { name: 'Query', exact: true }).click();
    await page.waitForURL(/by=query/);
    await page.getByRole('group', { name: 'No-click rate by query' }).waitFor(patience);
    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByRole('columnheader', { name: 'Period before' }).waitFor();
    await page.getByRole('button', { name: 'Chart', exact: true }).click();
    expect(await findFaults()).toEqual([]);
    await shoot('analytics');
    await page.locator('[data-figure="coverage"]').click();
    await page.getByText('Counted as a whole only').waitFor();
    expect(errors).toEqual([]);
  });

  it('leads from a list of queries to one of them, and from there to the sessions behind it', async () => {
    const { page, visit, findFaults, errors, shoot } = await open();
    await visit('/analytics?period=90d');
    const list = page.getByRole('table', { name: 'Queries: Top' });
    const query = list.getByRole('row').nth(1).getByRole('cell').first();
    await query.waitFor(patience);
    const words = (await query.textContent()) ?? '';
    await query.click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByRole('heading', { name: words, exact: true }).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('analytics-query');
    await page.keyboard.press('j');
    await peek.getByRole('heading', { name: words, exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('k');
    await peek.getByRole('link', { name: 'Sessions: Searches' }).click();
    await page.waitForURL(/\/sessions\?.*whole=true/);
    await page.locator('tr[data-session]').first().waitFor(patience);
    expect(await page.getByLabel('Query is').inputValue()).toBe(words);
    await page.goBack();
    await page.getByRole('radio', { name: 'No clicks' }).click();
    await page.waitForURL(/list=unclicked/);
    await page.getByLabel('Query contains').fill('zzzzzz');
    await page.getByText('No query of this list has “zzzzzz” in it.').waitFor();
    expect(errors).toEqual([]);
  });
});
