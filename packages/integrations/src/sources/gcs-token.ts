import { StudioError } from '@embedding-studio/contracts';
import {
  type AccessToken,
  holdToken,
  parseAccessToken,
  parseServiceAccount,
  tokenForm,
} from '../gcs/service-account.ts';
import { type GuardedFetch, readText } from './network/guarded-request.ts';

const scope = 'https://www.googleapis.com/auth/devstorage.read_only';

/** A source of access tokens for a service account; one token serves until shortly before its end. */
export function createTokenSource(
  fetch: GuardedFetch,
  options: { serviceAccount: string; now: () => number },
): (signal: AbortSignal) => Promise<string> {
  return holdToken((signal: AbortSignal) => askToken(fetch, { ...options, signal }), options.now);
}

async function askToken(
  fetch: GuardedFetch,
  { serviceAccount, signal, now }: { serviceAccount: string; signal: AbortSignal; now: () => number },
): Promise<AccessToken> {
  const account = parseServiceAccount(serviceAccount);
  if (account === null) throw invalid('is not the JSON of a service account key');
  const sign = () => {
    try {
      return tokenForm(account, { scope, nowMs: now() });
    } catch (cause) {
      throw invalid('its private key cannot be used', cause);
    }
  };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch({ url: account.token_uri, method: 'POST', headers, body: sign(), signal });
  const text = await readText(answer);
  if (answer.status >= 500) throw new StudioError('SOURCE_UNREACHABLE', `The token service answers ${answer.status}.`);
  const token = answer.status === 200 ? parseAccessToken(text) : null;
  if (token !== null) return token;
  throw invalid(`the token service answers ${answer.status}`);
}

function invalid(message: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', `serviceAccount: ${message}`, { field: 'serviceAccount', cause });
}
