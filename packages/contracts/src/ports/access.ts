import type { ApiKeyRecord, AuditChain, AuditEntry, AuditFilter, AuditRow } from '../api-key.ts';

export type NewApiKey = Pick<
  ApiKeyRecord,
  'id' | 'name' | 'prefix' | 'lastFour' | 'secretHash' | 'scopes' | 'collections' | 'requestsPerMinute' | 'expiresAt'
>;

/** What a rotation writes: the new secret, and how long the one before it stays valid. */
export type ApiKeyRotation = Pick<ApiKeyRecord, 'id' | 'prefix' | 'lastFour' | 'secretHash'> & {
  previousValidUntil: Date;
};

export interface ApiKeyStore {
  createApiKey(key: NewApiKey): Promise<ApiKeyRecord>;
  /** The secret in use becomes the previous one; an older previous one ends. INPUT_INVALID when unknown or revoked. */
  rotateApiKey(rotation: ApiKeyRotation): Promise<ApiKeyRecord>;
  /** By SHA-256 of the secret or of the previous secret, whether that is still valid or not; null when unknown. */
  findApiKeyByHash(secretHash: string): Promise<ApiKeyRecord | null>;
  listApiKeys(page: { after: string | null; limit: number }): Promise<ApiKeyRecord[]>;
  revokeApiKey(id: string): Promise<void>;
  /** Remembers when and from where a key was used last. Unknown keys are no error. */
  touchApiKey(id: string, use: { at: Date; ip: string }): Promise<void>;
}

export interface AuditLog {
  record(row: AuditRow): Promise<void>;
  /** Newest first. */
  listAudit(page: AuditFilter & { beforeId: number | null; limit: number }): Promise<AuditEntry[]>;
  /** Follows every link, page by page; `head`: the hash of a row that must be there. */
  verifyAudit(head: string | null): Promise<AuditChain>;
}
