import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as composition from '@embedding-studio/composition';
import * as core from '@embedding-studio/core';
import { createRateLimiter } from '@embedding-studio/queue';
import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { toNodeHandler } from 'better-auth/node';
import { type AuthParts, createAuth } from '../src/server/create-auth.ts';
import type { WebSettings } from '../src/server/settings.ts';
import { type OidcProvider, startOidcProvider } from './oidc-provider.ts';

/** The sign-in of the console behind HTTP, over a real database and a real provider. */
export interface SignInWorld {
  studio: TestStudio;
  provider: OidcProvider;
  /** The console, with other settings if wanted. */
  serve(settings?: Partial<WebSettings>): Promise<ServedConsole>;
  close(): Promise<void>;
}

export interface ServedConsole {
  url: string;
  auth: ReturnType<typeof createAuth>;
}

export async function startSignInWorld(): Promise<SignInWorld> {
  const [studio, provider] = await Promise.all([startTestStudio(), startOidcProvider()]);
  const closing: (() => Promise<void>)[] = [];
  return {
    ...{ studio, provider },
    async serve(settings = {}) {
      const server = createServer((request, response) => void handle(request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const auth = makeAuth({ studio, provider }, { CONSOLE_URL: url, ...settings });
      const handle = toNodeHandler(auth);
      closing.push(() => new Promise((resolve) => server.close(() => resolve())));
      return { url, auth };
    },
    async close() {
      for (const end of closing) await end();
      await Promise.all([studio.close(), provider.close()]);
    },
  };
}

export function makeAuth(
  { studio, provider }: Pick<SignInWorld, 'studio' | 'provider'>,
  settings: Partial<WebSettings>,
): ReturnType<typeof createAuth> {
  const all = {
    ...{ CONSOLE_SECRET: 'x'.repeat(40), OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId },
    ...{ OIDC_CLIENT_SECRET: provider.clientSecret, ...settings },
  };
  // Of the settings and packages only these are reached.
  const parts = {
    settings: all,
    backend: { core, composition },
    studio: {
      ...{ deps: studio.deps, signIn: studio.postgres.stores.signIn },
      openRateLimiter: (name: string) =>
        createRateLimiter({ postgresUrl: studio.postgres.url }, { name, windowSeconds: 60, log: studio.deps.log }),
    },
  } as unknown as AuthParts;
  return createAuth(parts);
}

interface Visited {
  status: number;
  /** Where it sends the browser. */
  location: string | null;
  setCookies: string[];
  body: unknown;
}

interface Visit {
  post?: unknown;
  /** Of the page that posts; default: the console. */
  origin?: string;
  headers?: Record<string, string>;
}

/** A browser with nothing but cookies; every redirect is in sight. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** Of its own, so that tries of one test do not count against another's. */
  private readonly address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

  constructor(readonly consoleUrl: string) {}

  async visit(address: string, options: Visit = {}): Promise<Visited> {
    const url = new URL(address, this.consoleUrl);
    const isOurs = url.origin === this.consoleUrl;
    const headers = new Headers(options.headers);
    headers.set('x-forwarded-for', this.address);
    if (isOurs) headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (options.post !== undefined) {
      headers.set('content-type', 'application/json');
      headers.set('origin', options.origin ?? this.consoleUrl);
    }
    const init = options.post === undefined ? {} : { method: 'POST', body: JSON.stringify(options.post) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(20_000) });
    const setCookies = response.headers.getSetCookie();
    if (isOurs) for (const cookie of setCookies) this.keep(cookie);
    const text = await response.text();
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    return { status: response.status, location: response.headers.get('location'), setCookies, body };
  }

  /** Up to the provider's answer: the address that it sends the browser back to. */
  async askProvider(): Promise<URL> {
    const post = { provider: 'oidc', callbackURL: '/overview', errorCallbackURL: '/sign-in' };
    const started = await this.visit('/api/auth/sign-in/social', { post });
    const { url } = started.body as { url: string };
    const answered = await this.visit(url);
    return new URL(answered.location ?? '');
  }

  async signIn(): Promise<Visited> {
    return this.visit((await this.askProvider()).href);
  }

  async findUser(): Promise<{ email: string; role: string } | null> {
    const { body } = await this.visit('/api/auth/get-session');
    return (body as { user?: { email: string; role: string } } | null)?.user ?? null;
  }

  private keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';');
    const at = pair.indexOf('=');
    const isGone = attributes.some((one) => /^\s*max-age=0$/i.test(one));
    if (isGone) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
