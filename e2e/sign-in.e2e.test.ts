import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consoleForCases } from './harness/console-for-cases.ts';
import { admin } from './harness/save-admin.ts';

const open = consoleForCases();

interface Disguise {
  suffix?: string;
  headers?: Record<string, string>;
}

/** Ways around a middleware that did, in other versions and other consoles (CVE-2025-29927, CVE-2026-44573 to 44575). */
const disguises: Disguise[] = [
  {},
  { headers: { 'x-middleware-subrequest': Array.from({ length: 5 }, () => 'src/proxy').join(':') } },
  { headers: { 'x-middleware-subrequest': Array.from({ length: 5 }, () => 'src/middleware').join(':') } },
  { headers: { 'x-middleware-prefetch': '1', purpose: 'prefetch' } },
  { headers: { rsc: '1', 'next-router-prefetch': '1' } },
  { headers: { rsc: '1', 'next-router-state-tree': '%5B%22%22%2C%7B%7D%5D' } },
  { headers: { 'x-nextjs-data': '1' } },
  { headers: { 'x-forwarded-host': 'localhost', 'x-forwarded-for': '127.0.0.1' } },
  { suffix: '.rsc' },
  { suffix: '.txt' },
  { suffix: '?_rsc=1' },
  { suffix: '?__nextLocale=en&__nextDefaultLocale=en' },
  { suffix: '/%2e%2e/overview' },
];

/** Every page behind the sign-in; those of one thing with a name that nothing has. */
function listPages(): string[] {
  const folder = new URL('../apps/web/src/app/(console)/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('/page.tsx'))
    .map((file) => `/${file.slice(0, -'/page.tsx'.length).replace(/\[\w+\]/g, 'none')}`);
}

describe('the door of the console', () => {
  it('sends strangers to sign in, and lets a person in by password and out again', async () => {
    const { page, findFaults, shoot } = await open({ isSignedIn: false });
    await page.goto('/gallery');
    await page.waitForURL('**/sign-in');
    expect(await findFaults()).toEqual([]);
    await shoot('sign-in');
    await page.getByLabel('Email').fill(admin.email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: /./ }).first().waitFor();
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/overview');
    await page.getByRole('button', { name: admin.name }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
  });

  it('does not open set-up again, with the code or without', async () => {
    const { page } = await open({ isSignedIn: false });
    await page.goto('/set-up?code=000000000000000000000000');
    await page.waitForURL('**/sign-in');
  });

  it('answers nobody without a sign-in, and no page of another site with one', async () => {
    const { page } = await open({ isSignedIn: false });
    const bare = await page.request.get('/api/trpc/model.listModels?input=%7B%22json%22%3A%7B%7D%7D');
    expect(bare.status()).toBe(401);
    const signedIn = await open();
    const foreign = await signedIn.page.request.post('/api/trpc/key.createApiKey', {
      headers: { origin: 'https://elsewhere.example', 'content-type': 'application/json' },
      data: { json: { name: 'stolen', scopes: ['admin'] } },
    });
    expect(foreign.status()).toBe(403);
  });

  it('opens for no header, suffix or parameter that has opened other consoles', async () => {
    const stranger = (await open({ isSignedIn: false })).page.request;
    const known = (await open()).page.request;
    const shown: string[] = [];
    const tryDoor = async (path: string, { suffix = '', headers = {} }: Disguise) => {
      const body = await (await stranger.get(`${path}${suffix}`, { headers })).text();
      if (body.includes(admin.email)) shown.push(`${path}${suffix} ${JSON.stringify(headers)}`);
    };
    for (const path of listPages()) await Promise.all(disguises.map((disguise) => tryDoor(path, disguise)));
    expect(shown).toEqual([]);
    // To whom a page is shown it says who they are, as a page and as the payload of one.
    for (const headers of [undefined, { rsc: '1' }])
      expect(await (await known.get('/overview', headers && { headers })).text()).toContain(admin.email);
  });

  it('lets no script run that the page did not bring, and keeps its cookie from scripts', async () => {
    const { page } = await open();
    const answer = await page.goto('/gallery');
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
    expect(policy).toContain("frame-ancestors 'none'");
    const cookies = await page.context().cookies();
    const session = cookies.find(({ name }) => name.includes('session_token'));
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  });
});

describe('the shell', () => {
  it('finds pages by ⌘K and changes the theme', async () => {
    const { page, visit } = await open();
    await visit('/gallery');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page').fill('compon');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/gallery');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page').fill('dark');
    await page.keyboard.press('Enter');
    await page.locator('html.dark').waitFor();
  });

  it('has its navigation behind a button on small screens', async () => {
    const { page, visit, findFaults } = await open({ width: 390 });
    await visit('/gallery');
    await page.getByRole('button', { name: 'Open navigation' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Components' }).click();
    expect(await findFaults()).toEqual([]);
  });
});
