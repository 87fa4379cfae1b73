import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type pg from 'pg';
import { toPostgresError } from './postgres-errors.ts';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
/** Any constant will do; it must only differ from the other advisory locks of this package. */
export const migrationLock = 7_214_001;

/**
 * Brings the schema up to date. Idempotent; processes that start together wait for one another.
 * Needs a role that may create extensions (vector, unaccent) unless they are already there.
 * @throws StudioError STORE_UNAVAILABLE
 */
export async function migratePostgres(pool: pg.Pool): Promise<void> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toPostgresError(error);
  });
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder });
  } catch (error) {
    throw toPostgresError(error);
  } finally {
    // Closing the session is what frees the lock in every case, also after a failed statement.
    client.release(true);
  }
}
