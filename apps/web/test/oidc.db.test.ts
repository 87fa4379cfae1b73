import { inviteUser } from '@embedding-studio/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Claims } from './oidc-provider.ts';
import { Browser, makeAuth, type ServedConsole, type SignInWorld, startSignInWorld } from './sign-in-world.ts';

let world: SignInWorld;
let console: ServedConsole;
beforeAll(async () => {
  world = await startSignInWorld();
  console = await world.serve();
});
afterAll(() => world?.close());

let email = '';
let people = 0;
beforeEach(() => {
  world.provider.reset();
  email = `person-${++people}@example.org`;
  world.provider.person = { sub: `sub-${people}`, email, email_verified: true, name: 'A person' };
});

const invite = async (address: string, role: 'viewer' | 'analyst' | 'engineer') =>
  (await inviteUser({ ctx: world.studio.ctx, input: { email: address, role } })).token;
const findUser = (address: string) => world.studio.deps.users.findUserByEmail(address);

async function expectRefused(signIn: Promise<{ status: number; location: string | null }>): Promise<string> {
  const { location } = await signIn;
  const target = new URL(location ?? '', console.url);
  expect(target.pathname).toBe('/sign-in');
  expect(await findUser(email)).toBeNull();
  return target.searchParams.get('error') ?? '';
}

describe('signing in by OpenID Connect', () => {
  it('gives somebody who is invited the role of the invitation, once, and knows them again', async () => {
    await invite(email, 'analyst');
    const browser = new Browser(console.url);
    const done = await browser.signIn();
    expect(new URL(done.location ?? '', console.url).pathname).toBe('/overview');
    expect(await browser.findUser()).toMatchObject({ email, role: 'analyst' });
    const again = new Browser(console.url);
    await again.signIn();
    expect(await again.findUser()).toMatchObject({ email, role: 'analyst' });
    expect(await world.studio.deps.users.findInvitationByEmail(email)).toBeNull();
  });

  it('gives somebody who is invited to projects their roles there, and none where nothing is said', async () => {
    const projectRoles = { default: 'engineer' as const };
    await inviteUser({ ctx: world.studio.ctx, input: { email, projectRoles } });
    await new Browser(console.url).signIn();
    expect(await findUser(email)).toMatchObject({ role: 'viewer', projectRoles });
  });

  it('refuses whoever is not invited, unless there is a role for everybody of the provider', async () => {
    const browser = new Browser(console.url);
    await expectRefused(browser.signIn());
    expect(await browser.findUser()).toBeNull();
    const open = await world.serve({ OIDC_DEFAULT_ROLE: 'viewer' });
    const welcome = new Browser(open.url);
    await welcome.signIn();
    expect(await welcome.findUser()).toMatchObject({ email, role: 'viewer' });
  });

  it('does not take an address that the provider has not verified for an invited one', async () => {
    await invite(email, 'engineer');
    world.provider.person = { ...world.provider.person, email_verified: false };
    await expectRefused(new Browser(console.url).signIn());
  });

  it('refuses somebody whose account was disabled', async () => {
    await invite(email, 'viewer');
    await new Browser(console.url).signIn();
    const user = await findUser(email);
    await world.studio.deps.users.changeUser({ id: user?.id ?? '', disabledAt: new Date() });
    const browser = new Browser(console.url);
    await browser.signIn();
    expect(await browser.findUser()).toBeNull();
  });

  it('takes what the id token leaves out from userinfo, but only of the same person', async () => {
    await invite(email, 'viewer');
    world.provider.alterToken = ({ email: _email, email_verified: _verified, ...claims }) => claims;
    world.provider.alterUserInfo = (claims) => ({ ...claims, sub: 'somebody else' });
    await expectRefused(new Browser(console.url).signIn());
    world.provider.alterUserInfo = (claims) => claims;
    const browser = new Browser(console.url);
    await browser.signIn();
    expect(await browser.findUser()).toMatchObject({ email, role: 'viewer' });
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const faults: [string, (claims: Claims) => Claims][] = [
    ['another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['no nonce', ({ nonce: _nonce, ...claims }) => claims],
    ['another audience', (claims) => ({ ...claims, aud: 'another-client' })],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://elsewhere.example' })],
    ['an end that has passed', (claims) => ({ ...claims, iat: now() - 900, exp: now() - 600 })],
  ];
  it.each(faults)('refuses an id token with %s', async (_name, alterToken) => {
    await invite(email, 'engineer');
    world.provider.alterToken = alterToken;
    await expectRefused(new Browser(console.url).signIn());
  });

  it('refuses an id token that somebody else signed', async () => {
    await invite(email, 'engineer');
    world.provider.isForged = true;
    await expectRefused(new Browser(console.url).signIn());
  });

  it('refuses an answer to another browser, a state of its own making, and a code that was used', async () => {
    await invite(email, 'engineer');
    const browser = new Browser(console.url);
    const answer = await browser.askProvider();
    const stranger = await new Browser(console.url).visit(answer.href);
    expect(stranger.location ?? '').not.toContain('/overview');
    expect(await findUser(email)).toBeNull();
    const forged = new URL(answer);
    forged.searchParams.set('state', 'made-up');
    expect((await browser.visit(forged.href)).location ?? '').not.toContain('/overview');
    expect(await findUser(email)).toBeNull();
    const fresh = new Browser(console.url);
    const used = await fresh.askProvider();
    await fresh.visit(used.href);
    expect(await fresh.findUser()).toMatchObject({ email });
    fresh.cookies.clear();
    expect((await fresh.visit(used.href)).location ?? '').not.toContain('/overview');
    expect(await fresh.findUser()).toBeNull();
  });

  it('proves by PKCE and its secret that the answer is for it', async () => {
    await invite(email, 'viewer');
    await new Browser(console.url).signIn();
    expect(world.provider.refused).toEqual([]);
    const wrong = await world.serve({ OIDC_CLIENT_SECRET: 'not the secret' });
    world.provider.person = { ...world.provider.person, sub: 'x', email: 'other@example.org' };
    await invite('other@example.org', 'viewer');
    await new Browser(wrong.url).signIn();
    expect(world.provider.refused).toEqual(['invalid_client']);
    expect(await findUser('other@example.org')).toBeNull();
  });
});

describe('passwords beside it', () => {
  const password = 'correct horse battery';

  async function signUp(): Promise<Browser> {
    const browser = new Browser(console.url);
    const headers = { 'x-console-invitation': await invite(email, 'engineer') };
    const post = { name: 'A person', email, password };
    expect(await browser.visit('/api/auth/sign-up/email', { post, headers })).toMatchObject({ status: 200 });
    return browser;
  }

  it('go on working, and lead to the same account with its role', async () => {
    const browser = await signUp();
    await browser.visit('/api/auth/sign-in/email', { post: { email, password } });
    expect(await browser.findUser()).toMatchObject({ email, role: 'engineer' });
    const other = new Browser(console.url);
    await other.signIn();
    expect(await other.findUser()).toMatchObject({ email, role: 'engineer' });
  });

  it('are no way in for somebody whose provider only claims the address', async () => {
    await signUp();
    world.provider.person = { ...world.provider.person, sub: 'an impostor', email_verified: false };
    const browser = new Browser(console.url);
    await browser.signIn();
    expect(await browser.findUser()).toBeNull();
  });

  it('open a session whose cookie no script reads and no foreign page sends', async () => {
    const browser = await signUp();
    const { setCookies } = await browser.visit('/api/auth/sign-in/email', { post: { email, password } });
    const session = setCookies.find((cookie) => cookie.includes('session_token=')) ?? '';
    expect(session).toMatch(/; HttpOnly/i);
    expect(session).toMatch(/; SameSite=Lax/i);
    expect(session).not.toMatch(/; Secure/i);
    const foreign = await browser.visit('/api/auth/sign-out', { post: {}, origin: 'https://elsewhere.example' });
    expect(foreign.status).toBe(403);
    expect(await browser.findUser()).toMatchObject({ email });
    await browser.visit('/api/auth/sign-out', { post: {} });
    expect(await browser.findUser()).toBeNull();
  });

  it('cannot be tried without end, whatever address the requests claim to come from', async () => {
    await signUp();
    const statuses: number[] = [];
    for (let tries = 0; tries < 22; tries++) {
      const post = { email: email.toUpperCase(), password: `wrong password ${tries}` };
      statuses.push((await new Browser(console.url).visit('/api/auth/sign-in/email', { post })).status);
    }
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.slice(20)).toEqual([429, 429]);
  });

  it('set a cookie for https alone where the console is behind https', async () => {
    await signUp();
    const consoleUrl = 'https://console.example';
    const answer = await makeAuth(world, { CONSOLE_URL: consoleUrl }).handler(
      new Request(`${consoleUrl}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: consoleUrl },
        body: JSON.stringify({ email, password }),
      }),
    );
    const session = answer.headers.getSetCookie().find((cookie) => cookie.includes('session_token=')) ?? '';
    expect(session).toMatch(/^__Secure-.*; Secure/i);
    expect(session).toMatch(/; HttpOnly/i);
  });
});
