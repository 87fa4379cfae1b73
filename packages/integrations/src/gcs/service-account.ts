import { createSign } from 'node:crypto';
import { z } from 'zod';

const ServiceAccount = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
});
export type ServiceAccount = z.infer<typeof ServiceAccount>;

const Answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(3_600) });
export type AccessToken = z.infer<typeof Answer>;

const lifeSeconds = 3_600;
/** Before the end of a token from when on another one is asked for. */
const marginSeconds = 120;

/** Of the JSON of a service account key; null where it is none. */
export function parseServiceAccount(json: string): ServiceAccount | null {
  return ServiceAccount.safeParse(parseJson(json)).data ?? null;
}

/** Null for what is no answer of a token service. */
export function parseAccessToken(text: string): AccessToken | null {
  return Answer.safeParse(parseJson(text)).data ?? null;
}

/**
 * The form that asks `token_uri` for an access token (RFC 7523).
 * @throws where the private key cannot be used
 */
export function tokenForm(account: ServiceAccount, { scope, nowMs }: { scope: string; nowMs: number }): string {
  const now = Math.floor(nowMs / 1_000);
  const claims = { iss: account.client_email, scope, aud: account.token_uri, iat: now, exp: now + lifeSeconds };
  const head = { alg: 'RS256', typ: 'JWT' };
  const unsigned = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = createSign('RSA-SHA256').update(unsigned).sign(account.private_key, 'base64url');
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: `${unsigned}.${signature}`,
  }).toString();
}

/** One token serves all who ask until shortly before its end, and one request all who wait for it. */
export function holdToken<Ask extends unknown[]>(
  ask: (...given: Ask) => Promise<AccessToken>,
  now: () => number,
): (...given: Ask) => Promise<string> {
  let held: { token: string; untilMs: number } | null = null;
  let asking: Promise<AccessToken> | null = null;
  return async (...given) => {
    if (held !== null && now() < held.untilMs) return held.token;
    asking ??= ask(...given).finally(() => {
      asking = null;
    });
    const { access_token: token, expires_in } = await asking;
    held = { token, untilMs: now() + (expires_in - marginSeconds) * 1_000 };
    return token;
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
