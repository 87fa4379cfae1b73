import { randomBytes } from 'node:crypto';
import { type ApiKeyRecord, keyPrefixOf, type ProjectPlace } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';

/** An API key without its hashes, fit to be shown. */
export type ApiKeyView = Omit<ApiKeyRecord, 'secretHash' | 'previousSecretHash'>;

export function viewApiKey({ secretHash: _hidden, previousSecretHash: _old, ...view }: ApiKeyRecord): ApiKeyView {
  return view;
}

/** 192 random bits: too many to guess, so that one fast hash protects them at rest. */
export function makeSecret(place: ProjectPlace): {
  secret: string;
  stored: Pick<ApiKeyRecord, 'prefix' | 'lastFour' | 'secretHash'>;
} {
  const begin = keyPrefixOf(place);
  const secret = `${begin}${randomBytes(24).toString('base64url')}`;
  const prefix = secret.slice(0, begin.length + 5);
  return { secret, stored: { prefix, lastFour: secret.slice(-4), secretHash: sha256(secret) } };
}
