import { type Actor, StudioError } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { CoreDeps } from '../context.ts';

/** An API key's secret → its actor. UNAUTHENTICATED for a missing, unknown, revoked or expired key, all alike. */
export async function authenticate({
  deps,
  secret,
}: {
  deps: Pick<CoreDeps, 'apiKeys' | 'clock'>;
  secret: string | null;
}): Promise<Actor> {
  const key = secret === null || secret.length > 200 ? null : await deps.apiKeys.findApiKeyByHash(sha256(secret));
  const isExpired = key?.expiresAt != null && key.expiresAt.getTime() <= deps.clock.now().getTime();
  if (key === null || key.revokedAt !== null || isExpired) {
    throw new StudioError('UNAUTHENTICATED', 'The API key is missing, unknown, revoked or expired.', {
      publicMessage: 'Send a valid API key as `Authorization: Bearer …`.',
    });
  }
  return { kind: 'apiKey', keyId: key.id, scopes: key.scopes };
}
