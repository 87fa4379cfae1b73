import type { ApiKeyRecord, AuditRow } from '../api-key.ts';

export interface ApiKeyStore {
  createApiKey(key: Omit<ApiKeyRecord, 'createdAt' | 'revokedAt'>): Promise<ApiKeyRecord>;
  /** By SHA-256 of the secret; null when unknown. */
  findApiKeyByHash(secretHash: string): Promise<ApiKeyRecord | null>;
  listApiKeys(page: { after: string | null; limit: number }): Promise<ApiKeyRecord[]>;
  revokeApiKey(id: string): Promise<void>;
}

export interface AuditLog {
  record(row: AuditRow): Promise<void>;
  listAudit(page: { beforeId: number | null; limit: number }): Promise<(AuditRow & { id: number; at: Date })[]>;
}
