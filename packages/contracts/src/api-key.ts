import type { Scope } from './actor.ts';

/** An API key as stored: the secret itself is only shown once, at creation. */
export interface ApiKeyRecord {
  id: string;
  name: string;
  /** First characters of the secret, shown in lists. */
  prefix: string;
  /** SHA-256 of the secret, hex. */
  secretHash: string;
  scopes: readonly Scope[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
}

/** One row per mutation; append-only (a database trigger refuses updates and deletes). */
export interface AuditRow {
  actor: string;
  /** `noun.verb`, e.g. `live.switch`. */
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}
