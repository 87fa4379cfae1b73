import { randomBytes } from 'node:crypto';
import type { ApiKeyRecord } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';

/** An API key without its hashes, fit to be shown. */
export type ApiKeyView = Omit<ApiKeyRecord, 'secretHash' | 'previousSecretHash'>;

export function viewApiKey({ secretHash: _hidden, previousSecretHash: _old, ...view }: ApiKeyRecord): ApiKeyView {
  return view;
}

/** 192 random bits: too many to guess, so that one fast hash protects them at rest. */
export function makeSecret(): { secret: string; stored: Pick<ApiKeyRecord, 'prefix' | 'lastFour' | 'secretHash'> } {
  const secret = `es_${randomBytes(24).toString('base64url')}`;
  return { secret, stored: { prefix: secret.slice(0, 8), lastFour: secret.slice(-4), secretHash: sha256(secret) } };
}
