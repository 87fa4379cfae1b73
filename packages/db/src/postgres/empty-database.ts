import pg from 'pg';
import { toPostgresError } from './postgres-errors.ts';

const timeoutMs = 120_000;
/** Tables that tell whether somebody uses an installation. */
const telling = ['items', 'models', 'collections', 'api_keys', 'users'];

/** Tables, views and sequences that belong to no extension; what depends on them goes with them. */
const dropAll = `DO $$
DECLARE each record;
BEGIN
  FOR each IN
    SELECT c.oid::regclass::text AS name,
           CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relkind = 'S'
  LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE', each.kind, each.name);
  END LOOP;
END $$`;

/** Drops every table, so that a dump can be restored; makes the extensions that it needs. @throws StudioError */
export function emptyDatabase(url: string, extensions: readonly string[]): Promise<void> {
  return withClient(url, async (client) => {
    await client.query(dropAll);
    for (const name of extensions) await client.query(`CREATE EXTENSION IF NOT EXISTS ${pg.escapeIdentifier(name)}`);
  });
}

/** Rows by table, of those that say whether the database is in use; nothing where it is not. @throws StudioError */
export function countRows(url: string): Promise<Record<string, number>> {
  return withClient(url, async (client) => {
    const counts: Record<string, number> = {};
    for (const table of telling) {
      const { rows } = await client.query<{ known: string | null }>('SELECT to_regclass($1)::text AS known', [table]);
      if (rows[0]?.known === null) continue;
      const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ${pg.escapeIdentifier(table)}`);
      const count = Number(counted.rows[0]?.count ?? 0);
      if (count > 0) counts[table] = count;
    }
    return counts;
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: timeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw toPostgresError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
