import type { Scope } from './actor.ts';

/** An API key as stored: the secret itself is only shown once, at creation. */
export interface ApiKeyRecord {
  id: string;
  name: string;
  /** First characters of the secret, shown in lists. */
  prefix: string;
  /** SHA-256 of the secret, hex. */
  secretHash: string;
  /** Last four characters of the secret, shown in lists. */
  lastFour: string;
  scopes: readonly Scope[];
  /** Collection ids, or `live` for whatever serves; null: all collections. */
  collections: readonly string[] | null;
  /** Requests allowed per minute; null: the gateway's setting. */
  requestsPerMinute: number | null;
  /** SHA-256 of the secret before the last rotation, valid until `previousValidUntil`. */
  previousSecretHash: string | null;
  previousValidUntil: Date | null;
  /** Written at most once a minute. */
  lastUsedAt: Date | null;
  lastUsedIp: string | null;
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

/** An audit row as kept; ids grow with time. */
export type AuditEntry = AuditRow & { id: number; at: Date };

/** What following the links of the audit log from its first row to its last has found. */
export interface AuditChain {
  rows: number;
  /** Written before rows were linked; nothing is known of them. */
  unlinked: number;
  /** The first row whose hash does not follow from it and the row before: one of the two was changed, or one between them removed. */
  brokenAt: number | null;
  /** The last row; kept elsewhere, it also shows whether rows were cut off from the end. */
  head: { id: number; hash: string } | null;
  /** Whether the head that was asked for is among the rows; null: none was. */
  headFound: boolean | null;
}

/** All that is given has to hold. */
export interface AuditFilter {
  /** Only rows about these. */
  subjects?: readonly string[];
  /** How the names begin, e.g. `user:` and `live.`; the case counts. */
  actorPrefix?: string;
  actionPrefix?: string;
  subjectPrefix?: string;
  /** Inclusive. */
  from?: Date;
  /** Exclusive. */
  until?: Date;
}
