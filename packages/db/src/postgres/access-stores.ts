import {
  type ApiKeyRecord,
  type ApiKeyStore,
  type AuditFilter,
  type AuditLog,
  StudioError,
} from '@embedding-studio/contracts';
import { and, desc, eq, getTableColumns, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { verifyAuditChain } from './audit-chain.ts';
import type { Connection } from './connection.ts';
import { isUniqueViolation } from './postgres-errors.ts';
import { readNew } from './replicas/reads.ts';
import { apiKeys, auditLog } from './schema.ts';

export function createApiKeyStore(connection: Connection): ApiKeyStore {
  const db = drizzle(connection.pool);
  return {
    createApiKey: (key) =>
      connection.guard(async () => {
        try {
          const [row] = await db
            .insert(apiKeys)
            .values({ ...key, scopes: [...key.scopes], collections: key.collections && [...key.collections] })
            .returning();
          return row as ApiKeyRecord;
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          throw new StudioError('INPUT_INVALID', `An API key ${key.id} or one with this secret exists already`, {
            field: 'id',
            cause: error,
          });
        }
      }),
    async findApiKeyByHash(secretHash) {
      const isSecret = or(eq(apiKeys.secretHash, secretHash), eq(apiKeys.previousSecretHash, secretHash));
      const [row] = await readNew(connection, (server) =>
        server.guard(() => drizzle(server.pool).select().from(apiKeys).where(isSecret)),
      );
      return row ?? null;
    },
    rotateApiKey: ({ id, previousValidUntil, ...secret }) =>
      connection.guard(async () => {
        const [row] = await db
          .update(apiKeys)
          // The right-hand side reads the row as it was.
          .set({ ...secret, previousSecretHash: sql`${apiKeys.secretHash}`, previousValidUntil })
          .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
          .returning();
        if (row === undefined) throw new StudioError('INPUT_INVALID', `No API key ${id} in use`, { field: 'id' });
        return row;
      }),
    /** Newest first. */
    listApiKeys: ({ after, limit }) => {
      const before = sql`(${apiKeys.createdAt}, ${apiKeys.id}) <
        (SELECT k.created_at, k.id FROM api_keys k WHERE k.id = ${after})`;
      return connection.guard(() =>
        db
          .select()
          .from(apiKeys)
          .where(after === null ? undefined : before)
          .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
          .limit(limit),
      );
    },
    /** The first revocation keeps its time. */
    revokeApiKey: (id) =>
      connection.guard(async () => {
        const changed = await db
          .update(apiKeys)
          .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, now())` })
          .where(eq(apiKeys.id, id))
          .returning({ id: apiKeys.id });
        if (changed.length === 0) throw new StudioError('INPUT_INVALID', `No API key ${id}`, { field: 'id' });
      }),
    touchApiKey: (id, { at, ip }) =>
      connection.guard(async () => {
        await db.update(apiKeys).set({ lastUsedAt: at, lastUsedIp: ip }).where(eq(apiKeys.id, id));
      }),
  };
}

export function createAuditLog(connection: Connection): AuditLog {
  const db = drizzle(connection.pool);
  return {
    record: (row) =>
      connection.guard(async () => {
        await db.insert(auditLog).values(row);
      }),
    listAudit: ({ beforeId, limit, ...filter }) =>
      connection.guard(() =>
        db
          .select(entryColumns)
          .from(auditLog)
          .where(and(beforeId === null ? undefined : lt(auditLog.id, beforeId), auditCondition(filter)))
          .orderBy(desc(auditLog.id))
          .limit(limit),
      ),
    verifyAudit: (head) => connection.guard(() => verifyAuditChain(connection.pool, head)),
  };
}

const { hash: _hash, ...entryColumns } = getTableColumns(auditLog);

function auditCondition({ subjects, actorPrefix, actionPrefix, subjectPrefix, from, until }: AuditFilter) {
  const begins = (column: PgColumn, prefix: string | undefined) =>
    prefix === undefined ? undefined : sql`starts_with(${column}, ${prefix})`;
  return and(
    subjects === undefined ? undefined : inArray(auditLog.subject, [...subjects]),
    begins(auditLog.actor, actorPrefix),
    begins(auditLog.action, actionPrefix),
    begins(auditLog.subject, subjectPrefix),
    from === undefined ? undefined : gte(auditLog.at, from),
    until === undefined ? undefined : lt(auditLog.at, until),
  );
}
