import { StudioError } from '@embedding-studio/contracts';
import pg from 'pg';
import { isDenied, toPostgresError } from './postgres-errors.ts';

/** Differs from the other advisory locks of this package. */
const databaseLock = 7_214_009;
const timeoutMs = 60_000;

/**
 * Makes a database beside the one at `url` unless it is there; processes that start together wait for one another.
 * @throws StudioError SETTINGS_INVALID where the role may not, with what to run instead; STORE_UNAVAILABLE
 */
export async function ensureDatabase({ url, database }: { url: string; database: string }): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: timeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [databaseLock]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } catch (error) {
    throw isDenied(error) ? deniedError(database, error) : toPostgresError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function deniedError(database: string, cause: unknown): StudioError {
  const statement = `CREATE DATABASE ${pg.escapeIdentifier(database)}`;
  return new StudioError(
    'SETTINGS_INVALID',
    `DATABASE_URL: its role may not create databases. Have an administrator of the server run: ${statement};`,
    { cause },
  );
}
