import { createSign } from 'node:crypto';
import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { type GuardedFetch, readText } from './network/guarded-request.ts';

const ServiceAccount = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
});
const Answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(3_600) });

const scope = 'https://www.googleapis.com/auth/devstorage.read_only';
const lifeSeconds = 3_600;

/** A source of access tokens for a service account (RFC 7523); one token serves until shortly before its end. */
export function createTokenSource(
  fetch: GuardedFetch,
  options: { serviceAccount: string; now: () => number },
): (signal: AbortSignal) => Promise<string> {
  let held: { token: string; until: number } | null = null;
  return async (signal) => {
    const now = Math.floor(options.now() / 1_000);
    if (held !== null && now < held.until) return held.token;
    const { access_token, expires_in } = await askToken(fetch, { ...options, signal, now });
    held = { token: access_token, until: now + expires_in - 120 };
    return access_token;
  };
}

async function askToken(
  fetch: GuardedFetch,
  ask: { serviceAccount: string; signal: AbortSignal; now: number },
): Promise<z.infer<typeof Answer>> {
  const account = readAccount(ask.serviceAccount);
  const answer = await fetch({
    url: account.token_uri,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: signAssertion(account, ask.now),
    }).toString(),
    signal: ask.signal,
  });
  const text = await readText(answer);
  if (answer.status >= 500) throw new StudioError('SOURCE_UNREACHABLE', `The token service answers ${answer.status}.`);
  const parsed = answer.status === 200 ? Answer.safeParse(parseJson(text)) : null;
  if (parsed?.success === true) return parsed.data;
  throw invalid(`the token service answers ${answer.status}`);
}

function signAssertion(account: z.infer<typeof ServiceAccount>, now: number): string {
  const claims = { iss: account.client_email, scope, aud: account.token_uri, iat: now, exp: now + lifeSeconds };
  const head = { alg: 'RS256', typ: 'JWT' };
  const unsigned = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  try {
    return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(account.private_key, 'base64url')}`;
  } catch (cause) {
    throw invalid('its private key cannot be used', cause);
  }
}

function readAccount(json: string): z.infer<typeof ServiceAccount> {
  const parsed = ServiceAccount.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  throw invalid('is not the JSON of a service account key');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function invalid(message: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', `serviceAccount: ${message}`, { field: 'serviceAccount', cause });
}
