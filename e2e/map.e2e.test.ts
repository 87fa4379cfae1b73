import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenConsole, openConsole } from './harness/open-console.ts';

let open: OpenConsole;
beforeAll(async () => {
  open = await openConsole();
});
afterAll(() => open.close());

test('a map is drawn, circled, read as a table, and leads to an item and its neighbours', async () => {
  const { page } = open;
  await open.visit('/map');
  await page.getByRole('button', { name: /^Draw/ }).first().click();
  const map = page.getByRole('img', { name: /^Map of [1-9]/ });
  await map.waitFor({ timeout: 240_000 });
  expect(await open.findFaults()).toEqual([]);
  await open.shoot('map');
  await page.getByRole('button', { name: 'Zoom in' }).focus();
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/at=/);
  await page.keyboard.press('0');
  await page.waitForURL((url) => !url.searchParams.has('at'));
  await page.getByRole('button', { name: 'Lasso' }).click();
  const box = await map.boundingBox();
  if (box === null) throw new TypeError('the map has no box');
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(0.02, 0.02));
  await page.mouse.down();
  for (const [x, y] of [
    [0.98, 0.02],
    [0.98, 0.98],
    [0.02, 0.98],
  ] as const)
    await page.mouse.move(...at(x, y), { steps: 4 });
  await page.mouse.up();
  await page.getByText(/^[\d,]+ points$/).waitFor();
  await page.getByRole('link', { name: 'Sessions touching these' }).click();
  await page.waitForURL(/sessions\?items=/);
  await page.locator('tr[data-session]').first().waitFor({ timeout: 60_000 });
  await page.getByRole('radio', { name: 'Clicked', exact: true }).click();
  await page.waitForURL(/touch=clicked/);
  await page.locator('tr[data-session]').first().waitFor();
  await page.getByRole('button', { name: 'Take the items out of the filter' }).click();
  await page.waitForURL((url) => !url.search.includes('items='));
  await page.goto(`${new URL(page.url()).origin}/map`);
  await map.waitFor();
  await page.getByRole('radio', { name: 'Table' }).click();
  await page.getByRole('table', { name: 'Items of the map' }).getByRole('row').nth(1).click();
  await page.getByRole('heading', { name: 'Nearest in all dimensions' }).waitFor();
  expect(await open.findFaults()).toEqual([]);
  await open.shoot('map-item');
  expect(open.errors).toEqual([]);
}, 300_000);
