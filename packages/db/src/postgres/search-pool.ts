import type pg from 'pg';

export interface Statement {
  text: string;
  values: unknown[];
}

/** Different search statements that one process keeps prepared. */
const preparedMax = 300;

export function setWidth(efSearch: number): Statement {
  const text = "SELECT set_config('hnsw.ef_search', $1, false)";
  return { text, values: [String(efSearch)] };
}

/** Runs searches on connections of one server that are set up for nothing else. */
export class SearchPool {
  /** Beam width that each connection was last set to. */
  private readonly widths = new WeakMap<pg.PoolClient, number>();
  private readonly names = new Map<string, string>();

  constructor(readonly pool: pg.Pool) {}

  /** One prepared statement with this beam width; null where none is used. */
  async run<Row extends pg.QueryResultRow>(statement: Statement, efSearch: number | null): Promise<Row[]> {
    const prepared = this.prepare(statement);
    if (efSearch === null) return (await this.pool.query<Row>(prepared)).rows;
    const client = await this.pool.connect();
    let broken = true;
    try {
      if (this.widths.get(client) !== efSearch) {
        await client.query(this.prepare(setWidth(efSearch)));
        this.widths.set(client, efSearch);
      }
      const { rows } = await client.query<Row>(prepared);
      broken = false;
      return rows;
    } finally {
      client.release(broken);
    }
  }

  /** Every text is prepared once per connection; beyond a limit, texts that filters made are planned each time. */
  private prepare(statement: Statement): Statement & { name?: string } {
    const known = this.names.get(statement.text);
    if (known === undefined && this.names.size >= preparedMax) return statement;
    const name = known ?? `search_${this.names.size}`;
    this.names.set(statement.text, name);
    return { ...statement, name };
  }
}
