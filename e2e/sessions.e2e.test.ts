import { describe, expect, it } from 'vitest';
import { consoleForCases } from './harness/console-for-cases.ts';

const open = consoleForCases();

const patience = { timeout: 60_000 };

describe('the overview', () => {
  it('shows the stages of the loop and the figures, whose sessions are one click away', async () => {
    const { page, visit, findFaults, errors, shoot } = await open();
    await visit('/overview?period=90d');
    const stages = page.getByRole('list', { name: 'The loop' }).getByRole('listitem');
    expect(await stages.count()).toBe(6);
    await page.locator('[data-stage="live"]').getByText('serving').waitFor();
    await page.locator('[data-metric="searches"] a').waitFor(patience);
    expect(await findFaults()).toEqual([]);
    await shoot('overview');
    await page.getByRole('radio', { name: '7 days' }).click();
    await page.waitForURL((url) => !url.search.includes('90d'));
    await page.locator('[data-metric="zero-result-rate"] a').click();
    await page.waitForURL(/sessions\?flags=counted%2CzeroResult|sessions\?flags=counted,zeroResult/);
    expect(await page.getByRole('checkbox', { name: /Zero results/ }).isChecked()).toBe(true);
    expect(errors).toEqual([]);
  });
});

describe('sessions', () => {
  it('narrows the list by what happened, and keeps that in the address', async () => {
    const { page, visit, findFaults, errors, shoot } = await open();
    await visit('/sessions');
    const rows = page.locator('tr[data-session]');
    await rows.first().waitFor(patience);
    const total = page.getByRole('status').filter({ hasText: 'sessions' });
    await total.waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('sessions');
    await page.getByRole('checkbox', { name: /^Clicked [\d.]+k?$/ }).check();
    await page.waitForURL(/flags=clicked/);
    await page.getByLabel('Query begins with').fill('zzzzzz');
    await page.getByText('No session meets this filter').waitFor();
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await rows.first().waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(errors).toEqual([]);
  });

  it('tells how much less lower ranks are looked at, or why that is not known', async () => {
    const { page, visit, findFaults, errors, shoot } = await open();
    await visit('/sessions');
    await page.getByRole('button', { name: 'Position bias' }).click();
    await page.waitForURL(/bias=true/);
    const panel = page.getByRole('region', { name: 'Position bias' });
    await panel.getByText(/How it was found|Not known yet/).waitFor(patience);
    if (await panel.getByText('How it was found').isVisible()) {
      await panel.getByRole('button', { name: 'Table' }).click();
      expect(await panel.getByRole('table', { name: 'Position bias' }).getByRole('row').count()).toBeGreaterThan(5);
    }
    expect(await findFaults()).toEqual([]);
    await shoot('position-bias');
    expect(errors).toEqual([]);
  });

  it('opens a session beside the list, moves by j, takes a mark and takes it back', async () => {
    const { page, visit, findFaults, errors, shoot } = await open();
    await visit('/sessions?flags=clicked');
    const rows = page.locator('tr[data-session]');
    await rows.first().waitFor(patience);
    await rows.first().getByRole('button').click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByText(/^Shown, /).waitFor();
    await peek.getByRole('img', { name: 'Clicked' }).first().waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('session-peek');
    const first = new URL(page.url()).searchParams.get('session');
    await page.keyboard.press('j');
    await page.waitForFunction((before) => !location.search.includes(before ?? ''), first);
    await peek.getByRole('button', { name: 'Mark irrelevant' }).click();
    await peek.getByText('Marked irrelevant:').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await peek.getByRole('button', { name: 'Mark irrelevant' }).waitFor();
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('shows a search that happens while somebody looks, and saves the list', async () => {
    const { page, visit, errors } = await open();
    await visit('/sessions?live=true');
    await page.getByRole('button', { name: 'Live', exact: true }).waitFor();
    const query = `live ${Date.now()}`;
    const stored = await page.request.post('/api/trpc/session.registerSession', {
      headers: { origin: new URL(page.url()).origin, 'content-type': 'application/json' },
      data: { json: { sessionId: query.replace(' ', '-'), query, shown: [], userId: 'e2e' } },
    });
    expect(stored.status()).toBe(200);
    await page.getByText(query).waitFor(patience);
    await page.goto('/sessions?user=e2e');
    await page.getByText(query).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('sessions.jsonl');
    expect(errors).toEqual([]);
  });

  it('is usable at 390 px', async () => {
    const { page, visit, findFaults } = await open({ width: 390 });
    await visit('/sessions');
    await page.locator('tr[data-session]').first().waitFor(patience);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('checkbox', { name: /Zero results/ }).waitFor();
    expect(await findFaults()).toEqual([]);
  });
});
