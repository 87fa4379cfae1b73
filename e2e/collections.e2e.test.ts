import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { ask } from './harness/ask.ts';
import { consoleForCases } from './harness/console-for-cases.ts';

const open = consoleForCases();

const toast = (page: Page, text: string | RegExp) => page.locator('[data-sonner-toast]').filter({ hasText: text });
const card = (page: Page) => page.getByRole('region', { name: 'All collections' }).getByRole('article').first();

interface Pair {
  live: { collection: { id: string } };
}

describe('collections', () => {
  it('show what serves and what stands by, and check an index', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    await visit('/collections');
    await page.getByRole('heading', { name: 'What serves' }).waitFor();
    await card(page).waitFor();
    expect(await findFaults()).toEqual([]);
    await card(page).getByRole('button').click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByRole('button', { name: 'Check index quality' }).click();
    await toast(page, /recall@10 is/).waitFor({ timeout: 60_000 });
    await peek.getByRole('columnheader', { name: 'recall@10' }).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('collections');
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });
    await card(page)
      .getByText(/recall@10 /)
      .waitFor();
    expect(errors).toEqual([]);
  });

  it('widen the beam of searches, and take it back', async () => {
    const { page, visit } = await open();
    await visit('/collections');
    await card(page).getByRole('button').click();
    const beam = page.getByLabel('Search beam (ef_search)');
    const before = await beam.inputValue();
    await beam.fill(String(Number(before) + 20));
    await page.getByRole('button', { name: 'Use', exact: true }).click();
    await toast(page, `beam of ${Number(before) + 20}`)
      .getByRole('button', { name: 'Undo' })
      .click();
    await toast(page, `beam of ${before} `).waitFor();
  });

  it('roll back and forward again, saying first what that affects', async () => {
    const { page, visit, findFaults } = await open();
    await visit('/collections');
    const readLive = async () => (await ask<Pair>(inject('world'), 'collection.getServingPair')).live.collection.id;
    const before = await readLive();
    for (const isBack of [true, false]) {
      await page.getByRole('button', { name: /Roll back|Go forward/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('From the next search on').waitFor();
      expect(await findFaults()).toEqual([]);
      await dialog.getByRole('button', { name: /Roll back|Go forward/ }).click();
      await toast(page, 'serves now').first().waitFor();
      await dialog.waitFor({ state: 'detached' });
      expect((await readLive()) === before).toBe(!isBack);
    }
  });

  it('run raw requests with completion and keep them as snippets', async () => {
    const { page, visit, findFaults, shoot } = await open();
    await visit('/collections?tab=requests');
    const body = page.getByLabel('Body as JSON');
    await body.fill('{"search_query": "robots", "li');
    await page.keyboard.press('Tab');
    await body.press('End');
    expect(await body.inputValue()).toBe('{"search_query": "robots", "limit": 0');
    await body.fill('{"search_query": "robots", "limit": 2}');
    await page.keyboard.press('Control+Enter');
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText('"search_results"').waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('requests');
    await page.getByRole('button', { name: 'Snippets' }).click();
    await page.getByLabel('Name of the snippet').fill('two robots');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.keyboard.press('Escape');
    await body.fill('{"limit": -1}');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('422').waitFor();
    await page.getByRole('button', { name: 'Snippets' }).click();
    await page.getByRole('button', { name: 'two robots', exact: true }).click();
    expect(await body.inputValue()).toContain('robots');
  });

  it('are usable and clean at 390 pixels', async () => {
    const { page, visit, findFaults } = await open({ width: 390, theme: 'dark' });
    await visit('/collections');
    await card(page).waitFor();
    expect(await findFaults()).toEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
