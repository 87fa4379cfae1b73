import { type Actor, type ApiKeyRecord, StudioError } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { CoreDeps } from '../context.ts';

const secretLengthMax = 200;
const useWrittenEveryMs = 60_000;

export interface Authenticated {
  actor: Actor & { kind: 'apiKey' };
  /** The key's own limit; null: the gateway's setting. */
  requestsPerMinute: number | null;
}

/** An API key's secret → its actor. UNAUTHENTICATED for a missing, unknown, revoked or expired key, all alike. */
export async function authenticate({
  deps,
  secret,
  ip = '',
}: {
  deps: Pick<CoreDeps, 'apiKeys' | 'clock' | 'collections' | 'log' | 'settings'>;
  secret: string | null;
  /** Where the call comes from, for the record of the last use. */
  ip?: string;
}): Promise<Authenticated> {
  const isPossible = secret !== null && secret.length <= secretLengthMax;
  const hash = isPossible ? sha256(secret) : null;
  const key = hash === null ? null : await deps.apiKeys.findApiKeyByHash(hash);
  const now = deps.clock.now();
  if (key === null || !isValid(key, { hash, now })) {
    throw new StudioError('UNAUTHENTICATED', 'The API key is missing, unknown, revoked or expired.', {
      publicMessage: 'Send a valid API key as `Authorization: Bearer …`.',
    });
  }
  noteUse(deps, { key, now, ip });
  const actor: Authenticated['actor'] = { kind: 'apiKey', keyId: key.id, scopes: key.scopes };
  if (deps.settings.place.projects.length > 1) actor.reach = 'project';
  if (key.collections !== null) actor.collections = await withLive(deps, key.collections);
  return { actor, requestsPerMinute: key.requestsPerMinute };
}

function isValid(key: ApiKeyRecord, { hash, now }: { hash: string | null; now: Date }): boolean {
  if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt.getTime() <= now.getTime())) return false;
  if (key.secretHash === hash) return true;
  return key.previousValidUntil !== null && key.previousValidUntil.getTime() > now.getTime();
}

/** `live` and the id of what serves stand for each other. */
async function withLive(deps: Pick<CoreDeps, 'collections'>, bound: readonly string[]): Promise<readonly string[]> {
  const live = await deps.collections.findLive();
  if (live === null || (!bound.includes('live') && !bound.includes(live.collectionId))) return bound;
  return [...new Set([...bound, 'live', live.collectionId])];
}

/** Not awaited: the record of the last use may be lost, a request may not be slowed down by it. */
function noteUse(deps: Pick<CoreDeps, 'apiKeys' | 'log'>, use: { key: ApiKeyRecord; now: Date; ip: string }): void {
  const { key, now, ip } = use;
  if (key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < useWrittenEveryMs) return;
  deps.apiKeys
    .touchApiKey(key.id, { at: now, ip })
    .catch(() => deps.log.warn({ keyId: key.id }, 'last use of a key not stored'));
}
