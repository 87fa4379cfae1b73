import type { ApiKeyRecord } from '@embedding-studio/contracts';

/** As the procedures show it. */
export type Key = Omit<ApiKeyRecord, 'secretHash' | 'previousSecretHash'>;

export type KeyStatus = 'ready' | 'expired' | 'revoked';

export function keyStatus({ revokedAt, expiresAt }: Key, now: Date | null): KeyStatus {
  if (revokedAt !== null) return 'revoked';
  return now !== null && expiresAt !== null && expiresAt <= now ? 'expired' : 'ready';
}
