import pg from 'pg';
import { toPostgresError } from './postgres-errors.ts';

/** What a server says about how safely and how much it works. */
export interface PostgresFacts {
  /** e.g. 17.4 */
  version: string;
  /** The version that is installed or could be; null: there is none. */
  pgvector: string | null;
  maxConnections: number;
  /** Settings that keep what was acknowledged: name → value. */
  durability: Record<'fsync' | 'full_page_writes' | 'synchronous_commit', string>;
  /** This connection goes through TLS. */
  isEncrypted: boolean;
  /** Its clock ahead of ours. */
  aheadMs: number;
}

const timeoutMs = 5_000;
const statement = `SELECT current_setting('server_version') AS version,
  (SELECT coalesce(installed_version, default_version) FROM pg_available_extensions WHERE name = 'vector') AS pgvector,
  current_setting('max_connections')::int AS connections, current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS pages, current_setting('synchronous_commit') AS commits,
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
  extract(epoch FROM clock_timestamp()) * 1000 AS now`;

interface Row {
  version: string;
  pgvector: string | null;
  connections: number;
  fsync: string;
  pages: string;
  commits: string;
  encrypted: boolean;
  now: string;
}

/** @throws StudioError STORE_UNAVAILABLE */
export async function inspectPostgres(url: string): Promise<PostgresFacts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Row>(statement);
    const [row] = rows;
    if (row === undefined) throw new TypeError('PostgreSQL answered with no row.');
    return {
      version: row.version.split(' ')[0] ?? row.version,
      pgvector: row.pgvector,
      maxConnections: row.connections,
      durability: { fsync: row.fsync, full_page_writes: row.pages, synchronous_commit: row.commits },
      isEncrypted: row.encrypted,
      aheadMs: Number(row.now) - Date.now(),
    };
  } catch (error) {
    throw toPostgresError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
