import type pg from 'pg';
import type { Statement } from '../search-pool.ts';

/** A server that can be read from: the primary or a standby. */
export interface ReadServer {
  pool: pg.Pool;
  /** Runs typed (drizzle) statements on the pool. */
  guard<T>(run: () => Promise<T>): Promise<T>;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** One prepared statement on a connection set up for searches, with this beam width; null where none is used. */
  search<Row extends pg.QueryResultRow>(statement: Statement, efSearch: number | null): Promise<Row[]>;
}
