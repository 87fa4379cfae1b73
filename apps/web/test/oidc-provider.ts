import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Person {
  sub: string;
  email: string;
  email_verified?: boolean;
  name?: string;
}

export type Claims = Record<string, unknown>;

/** What the next sign-ins get; a test changes it to play a provider that errs, or somebody in its place. */
export interface ProviderState {
  person: Person;
  /** Claims of the id token, as they are about to be signed. */
  alterToken(claims: Claims): Claims;
  alterUserInfo(claims: Claims): Claims;
  /** Signed with a key that the provider does not publish. */
  isForged: boolean;
}

export interface OidcProvider extends ProviderState {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Calls of the token endpoint that were refused, with the reason. */
  refused: string[];
  reset(): void;
  close(): Promise<void>;
}

const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Grant {
  challenge: string;
  redirectUri: string;
  nonce: string | null;
  person: Person;
}

/** A small OpenID Connect provider: discovery, keys, authorisation code with PKCE, signed id tokens, userinfo. */
export async function startOidcProvider(): Promise<OidcProvider> {
  const [key, otherKey] = [newKey(), newKey()];
  const grants = new Map<string, Grant>();
  const people = new Map<string, Person>();
  const plain = (): ProviderState => ({
    person: { sub: 'sub-1', email: 'ann@example.org', email_verified: true, name: 'Ann' },
    alterToken: (claims) => claims,
    alterUserInfo: (claims) => claims,
    isForged: false,
  });

  function sign(claims: Claims): string {
    const head = `${base64({ alg: 'RS256', kid: 'main', typ: 'JWT' })}.${base64(claims)}`;
    const { privateKey } = provider.isForged ? otherKey : key;
    return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey, 'base64url')}`;
  }

  const documents: Record<string, () => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer: provider.issuer,
      authorization_endpoint: `${provider.issuer}/authorize`,
      token_endpoint: `${provider.issuer}/token`,
      userinfo_endpoint: `${provider.issuer}/userinfo`,
      jwks_uri: `${provider.issuer}/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
    }),
    '/jwks': () => ({
      keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'main', alg: 'RS256', use: 'sig' }],
    }),
  };

  function authorise(query: URLSearchParams, response: ServerResponse): void {
    const target = new URL(query.get('redirect_uri') ?? '');
    const code = randomUUID();
    grants.set(code, {
      ...{ challenge: query.get('code_challenge') ?? '', redirectUri: target.href, nonce: query.get('nonce') },
      person: provider.person,
    });
    target.searchParams.set('code', code);
    target.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: target.href }).end();
  }

  function faultOf(form: URLSearchParams, grant: Grant | undefined, secret: string | null): string | null {
    if (grant === undefined) return 'invalid_grant';
    if (form.get('client_id') !== provider.clientId || secret !== provider.clientSecret) return 'invalid_client';
    if (form.get('redirect_uri') !== grant.redirectUri) return 'redirect_uri';
    const hashed = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return hashed === grant.challenge ? null : 'code_verifier';
  }

  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readText(request));
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const fault = faultOf(form, grant, form.get('client_secret'));
    if (fault !== null || grant === undefined) {
      provider.refused.push(String(fault));
      send(response, 400, { error: fault });
      return;
    }
    const now = Math.floor(Date.now() / 1_000);
    const { issuer: iss, clientId: aud } = provider;
    const claims = { iss, aud, iat: now, exp: now + 300, ...(grant.nonce && { nonce: grant.nonce }), ...grant.person };
    const accessToken = randomUUID();
    people.set(accessToken, grant.person);
    const idToken = sign(provider.alterToken(claims));
    send(response, 200, { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: idToken });
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    const document = documents[url.pathname];
    if (document !== undefined) send(response, 200, document());
    else if (url.pathname === '/authorize') authorise(url.searchParams, response);
    else if (url.pathname === '/token') void exchange(request, response);
    else if (url.pathname === '/userinfo') {
      const person = people.get((request.headers.authorization ?? '').replace('Bearer ', ''));
      send(response, person === undefined ? 401 : 200, provider.alterUserInfo({ ...person }));
    } else send(response, 404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: OidcProvider = {
    ...plain(),
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ clientId: 'console', clientSecret: 'a secret of the console', refused: [] },
    reset() {
      Object.assign(provider, plain(), { refused: [] });
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return provider;
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
