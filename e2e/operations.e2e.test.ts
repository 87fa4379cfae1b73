import { afterEach, describe, expect, inject, it } from 'vitest';
import { ask } from './harness/ask.ts';
import { type OpenConsole, openConsole } from './harness/open-console.ts';

let opened: OpenConsole | null = null;
const open = async (...options: Parameters<typeof openConsole>) => {
  opened = await openConsole(...options);
  return opened;
};
afterEach(async () => {
  await opened?.close();
});

describe('models', () => {
  it('show their family and what a deployment would cost, beside the list', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    await visit('/models');
    const rows = page.getByRole('row');
    await rows.nth(2).waitFor();
    await page.keyboard.press('j');
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByRole('list', { name: 'Lineage' }).waitFor();
    await peek
      .getByRole('group', { name: /^Lineage: what led to what/ })
      .getByText('model, ')
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get('model')).toMatch(/^mdl_/);
    await peek.getByRole('button', { name: 'Preview the plan' }).click();
    await peek.getByText('Undo:').waitFor();
    await peek.getByText(/items\/s|nothing measured/).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('models');
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });
});

describe('deployments', () => {
  it('tell of a rollout what the gate made of it', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    const { rows } = await ask<{ rows: { id: string; gate: object | null }[] }>(
      inject('world'),
      'rollout.findRollouts',
      { limit: 50 },
    );
    await visit(`/deployments/${rows.find(({ gate }) => gate !== null)?.id}`);
    await page.getByRole('list', { name: 'Steps' }).waitFor();
    await page.getByText(/^(Accepted|Rejected): on [\d,]+ held-out queries/).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('rollout');
    expect(errors).toEqual([]);
  });

  it('roll back and forward by typed word', async () => {
    const { page, visit, findFaults, errors } = await open();
    await visit('/deployments?state=live');
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByText('Served as trained').waitFor();
    expect(await findFaults()).toEqual([]);
    const name = (await page.getByRole('heading', { level: 1 }).innerText()).split('\n')[0]?.trim() ?? '';
    await act('Roll back', name);
    await page.getByRole('heading', { level: 1 }).getByText('rolled back').waitFor();
    await act('Promote', name);
    await page.getByRole('heading', { level: 1 }).getByText('live', { exact: true }).waitFor();
    expect(errors).toEqual([]);

    async function act(label: string, word: string): Promise<void> {
      await page.getByRole('button', { name: label, exact: true }).click();
      const dialog = page.getByRole('dialog');
      const confirm = dialog.getByRole('button', { name: label, exact: true });
      expect(await confirm.isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill(word);
      await confirm.click();
      await dialog.waitFor({ state: 'detached' });
    }
  });
});

describe('queues and workers', () => {
  it('show the workers, pause a queue with a reason and let it go on', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    await visit('/queues');
    const tile = page.getByRole('article', { name: 'Ranking fit' });
    await tile.getByRole('button', { name: 'Pause Ranking fit' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('for the test');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await tile.getByText(/Paused by .*: for the test/).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('queues');
    await tile.getByRole('button', { name: 'Resume Ranking fit' }).click();
    await tile.getByText(/Paused by/).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: /Workers/ }).click();
    await page.getByText('live', { exact: true }).first().waitFor();
    expect(await findFaults()).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('find jobs by kind, status and words, and tell everything about one', async () => {
    const { page, visit, findFaults, shoot, errors } = await open();
    await visit('/queues?tab=jobs');
    const table = page.getByRole('region', { name: 'Jobs' });
    await table.getByRole('button').first().waitFor();
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Reindex' }).click();
    await page.getByRole('button', { name: /^done/ }).click();
    await page.waitForURL(/kind=reindex.*status=done|status=done.*kind=reindex/);
    await table.getByRole('button', { name: 'Reindex' }).first().click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByText('Payload').first().waitFor();
    await peek.getByRole('link', { name: 'Rollout' }).waitFor();
    expect(await findFaults()).toEqual([]);
    await shoot('jobs');
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill('no job says this');
    await page.getByText('No job is like that').waitFor();
    await page.getByRole('button', { name: 'Retry filtered' }).click();
    await page.getByText(/can be retried/).waitFor();
    expect(errors).toEqual([]);
  });

  it('are of use on a telephone', async () => {
    const { visit, findFaults, page } = await open({ width: 390, theme: 'dark' });
    for (const path of ['/queues', '/queues?tab=jobs', '/models', '/deployments']) {
      await visit(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await findFaults(), path).toEqual([]);
      const width = await page.locator('html').evaluate((element) => element.scrollWidth);
      expect(width, path).toBeLessThanOrEqual(390);
    }
  });
});
