import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenConsole, openConsole } from './harness/open-console.ts';

let open: OpenConsole;
beforeAll(async () => {
  open = await openConsole();
});
afterAll(() => open.close());

const unique = `e2e ${process.pid}`;

describe('plugins', () => {
  test('a plugin is tried with a config that is checked while it is filled in', async () => {
    const { page } = open;
    await open.visit('/plugins?kind=text-processor');
    await page.getByRole('row', { name: /Markup/i }).click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByLabel('The text of an item').fill('<p>a <b>storm</b></p>');
    await peek.getByRole('button', { name: 'Run' }).click();
    await peek.getByText('After', { exact: true }).waitFor();
    expect(await open.findFaults()).toEqual([]);
    await open.shoot('plugins');

    await open.visit('/plugins?kind=ranker&plugin=recency');
    await page.getByLabel('Weight', { exact: true }).fill('7');
    await page.getByText('At most 1.').waitFor();
    expect(await page.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true);
  });

  test('the search chain keeps the order that it is given', async () => {
    const { page } = open;
    await open.visit('/plugins?tab=chain');
    await page.getByRole('combobox', { name: 'Add to rankers' }).click();
    await page.getByRole('option', { name: 'Recency boost' }).click();
    await page.getByRole('button', { name: 'Save the chain' }).click();
    await page.getByText('Searches use the new chain from now on.').first().waitFor();
    await page.reload();
    const rankers = page.getByRole('list', { name: 'Rankers' });
    await rankers.getByText('Recency boost').waitFor();
    expect(await open.findFaults()).toEqual([]);
    await open.shoot('plugins-chain');
    await rankers.getByRole('button', { name: 'Take recency out' }).click();
    await page.getByRole('button', { name: 'Save the chain' }).click();
    await rankers.waitFor({ state: 'detached' });
  });
});

describe('suggestions', () => {
  test('a phrase is added, offered while it is typed, and never suggested again', async () => {
    const { page } = open;
    await open.visit('/suggestions');
    await page.getByRole('button', { name: 'Add phrases' }).click();
    await page.getByLabel('Phrases, one a line').fill(`zebra ${unique}`);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('searchbox', { name: 'What is typed' }).fill('zeb');
    await page
      .getByRole('listitem')
      .filter({ hasText: `zebra ${unique}` })
      .waitFor();
    await page.getByRole('searchbox', { name: 'Find a phrase' }).fill(unique);
    await page.getByRole('row', { name: unique }).click();
    expect(await open.findFaults()).toEqual([]);
    await open.shoot('suggestions');
    await page.getByRole('button', { name: 'Never suggest' }).click();
    await page.getByRole('button', { name: 'Never suggest it' }).click();
    await page.getByText('No phrase meets these filters').waitFor();
  });

  test('categories say whether they were fitted', async () => {
    await open.visit('/suggestions?tab=categories');
    await open.page.getByRole('heading', { name: 'The fit' }).waitFor();
    expect(await open.findFaults()).toEqual([]);
    await open.shoot('categories');
  });
});

describe('data sources', () => {
  test('the test of a connection names the step that fails', async () => {
    const { page } = open;
    await open.visit('/data-sources?edit=new');
    await page.getByRole('radio', { name: /^HTTP/ }).check();
    await page.getByLabel('Url', { exact: true }).fill('nowhere');
    await page.getByText('Type an address').waitFor();
    await page.getByLabel('Url', { exact: true }).fill('http://no-such-host.invalid/films.jsonl');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page
      .getByRole('listitem')
      .filter({ has: page.getByLabel('failed') })
      .waitFor();
    expect(await open.findFaults()).toEqual([]);
    await open.shoot('data-source-connect');
  });
});
