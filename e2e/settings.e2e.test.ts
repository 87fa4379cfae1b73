import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenConsole, openConsole } from './harness/open-console.ts';

let open: OpenConsole;
beforeAll(async () => {
  open = await openConsole();
});
afterAll(() => open.close());

const unique = `e2e-${process.pid}`;

describe('users', () => {
  test('an invitation shows its link once, lets in who has it, and can be taken back', async () => {
    const { page } = open;
    await open.visit('/settings');
    await page.getByRole('cell', { name: 'session.write' }).waitFor();
    expect(await open.findFaults()).toEqual([]);
    await open.shoot('settings-users');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByLabel('Email').fill(`${unique}@example.org`);
    await page.getByRole('radio', { name: /^analyst/ }).check();
    expect(await open.findFaults()).toEqual([]);
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = (await page.getByRole('region', { name: 'Link of the invitation' }).textContent()) ?? '';
    const guest = await openConsole({ isSignedIn: false });
    await guest.page.goto(link.trim());
    await guest.page.getByText('You are invited as analyst.').waitFor();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    const row = page.getByRole('row', { name: `${unique}@example.org` });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row.waitFor({ state: 'detached' });
    await guest.page.reload();
    await guest.page.getByText('This invitation does not work').waitFor();
    await guest.close();
  });
});

describe('API keys', () => {
  test('a key is shown once, rotated and revoked', async () => {
    const { page } = open;
    await open.visit('/settings?tab=keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name', { exact: true }).fill(unique);
    await page.getByLabel('Requests a minute').fill('90');
    await page.getByRole('button', { name: 'Create key' }).click();
    const secret = page.getByRole('region', { name: 'Secret' });
    const first = (await secret.textContent()) ?? '';
    expect(first).toMatch(/^es_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('row', { name: unique }).click();
    const peek = page.getByRole('complementary', { name: 'Details' });
    await peek.getByText('90 a minute').waitFor();
    await open.shoot('settings-keys');
    await peek.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await secret.waitFor();
    expect(await secret.textContent()).not.toBe(first);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await peek.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(unique);
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText('The key is revoked.').first().waitFor();
    expect(await open.findFaults()).toEqual([]);
  });
});

describe('the audit log', () => {
  test('is filtered, shows what changed, and is exported as it is filtered', async () => {
    const { page } = open;
    await open.visit('/settings?tab=audit&action=key.');
    await page
      .getByRole('row', { name: /key\.rotate/ })
      .first()
      .click();
    await page.getByRole('complementary', { name: 'Details' }).getByText('overlapHours').waitFor();
    expect(await open.findFaults()).toEqual([]);
    await open.shoot('settings-audit');
    await page.keyboard.press('Escape');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export JSONL' }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(JSON.parse(line).action).toMatch(/^key\./);
  });
});

describe('the rest', () => {
  test.each([
    ['retention', 'How long things are kept'],
    ['account', 'Where you are signed in'],
    ['about', 'PostgreSQL'],
  ])('%s has no faults', async (tab, text) => {
    await open.visit(`/settings?tab=${tab}`);
    await open.page.getByText(text).first().waitFor();
    expect(await open.findFaults()).toEqual([]);
    expect(open.errors).toEqual([]);
  });
});
