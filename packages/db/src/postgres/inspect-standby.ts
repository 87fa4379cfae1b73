import pg from 'pg';
import { toPostgresError } from './postgres-errors.ts';

/** What a server that is named as a standby says of itself, beside what the primary says at the same time. */
export interface StandbyFacts {
  /** false: it takes writes. */
  isInRecovery: boolean;
  /** It is a copy of the primary, and not of another server. */
  isOfPrimary: boolean;
  /** It receives from the primary at this moment. */
  isStreaming: boolean;
  /** Of log that it has not replayed; null where it takes writes. */
  lagBytes: number | null;
  /** This connection goes through TLS. */
  isEncrypted: boolean;
}

const timeoutMs = 5_000;
const position = (of: string) => `pg_wal_lsn_diff(${of}, '0/0')::float8`;
const cluster = '(SELECT system_identifier::text FROM pg_control_system()) AS cluster';
const ofPrimary = `SELECT ${position('pg_current_wal_flush_lsn()')} AS position, ${cluster}`;
const ofStandby = `SELECT pg_is_in_recovery() AS standby, ${position('pg_last_wal_replay_lsn()')} AS position, ${cluster},
  EXISTS (SELECT FROM pg_stat_get_wal_receiver() WHERE pid IS NOT NULL) AS streaming,
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted`;

interface PrimaryRow {
  position: number;
  cluster: string;
}

interface StandbyRow {
  standby: boolean;
  position: number | null;
  cluster: string;
  streaming: boolean;
  encrypted: boolean;
}

/** @throws StudioError STORE_UNAVAILABLE where either does not answer */
export async function inspectStandby(url: string, primaryUrl: string): Promise<StandbyFacts> {
  try {
    const primary = await readRow<PrimaryRow>(primaryUrl, ofPrimary);
    const standby = await readRow<StandbyRow>(url, ofStandby);
    const isInRecovery = standby.standby;
    return {
      isInRecovery,
      isOfPrimary: standby.cluster === primary.cluster,
      isStreaming: standby.streaming,
      lagBytes: isInRecovery ? Math.max(0, primary.position - (standby.position ?? 0)) : null,
      isEncrypted: standby.encrypted,
    };
  } catch (error) {
    throw toPostgresError(error);
  }
}

async function readRow<Row extends object>(url: string, statement: string): Promise<Row> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Row>(statement);
    const [row] = rows;
    if (row === undefined) throw new TypeError('PostgreSQL answered with no row.');
    return row;
  } finally {
    await client.end().catch(() => undefined);
  }
}
