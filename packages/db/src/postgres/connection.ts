import pg from 'pg';
import { isRetryable, toPostgresError } from './postgres-errors.ts';

export interface PostgresSettings {
  url: string;
  /** Connections kept at most. */
  poolMax: number;
  /** Longest a single statement may run, milliseconds. Index builds are exempt. */
  statementTimeoutMs: number;
}

const connectTimeoutMs = 5_000;
const idleInTransactionMs = 60_000;

function clientSettings(settings: { url: string; statementTimeoutMs: number }): pg.ClientConfig {
  return {
    connectionString: settings.url,
    application_name: 'embedding-studio',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: settings.statementTimeoutMs,
    // The server's own limit comes first; this one is for a server that no longer answers at all.
    query_timeout: settings.statementTimeoutMs === 0 ? undefined : settings.statementTimeoutMs + connectTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    keepAlive: true,
    pipeline: true,
    // Just-in-time compilation costs more than these short statements take.
    options: '-c jit=off',
  };
}

export function createPool(settings: PostgresSettings): pg.Pool {
  const pool = new pg.Pool({ ...clientSettings(settings), max: settings.poolMax, idleTimeoutMillis: 30_000 });
  // An idle connection that the server closes is replaced at the next checkout; without a listener it ends the process.
  pool.on('error', () => undefined);
  // The same for a connection that is lost between two statements of a transaction: the next statement reports it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Owns the pool and turns driver errors into StudioErrors. */
export class Connection {
  constructor(
    readonly pool: pg.Pool,
    private readonly settings: PostgresSettings,
  ) {}

  /** One statement outside a transaction. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.guard(async () => (await this.pool.query<Row>(text, values)).rows);
  }

  /** Runs typed (drizzle) statements with the same error mapping. */
  async guard<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw toPostgresError(error);
    }
  }

  /** READ COMMITTED; after a deadlock or serialisation failure the whole function runs once more. */
  async transaction<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.guard(async () => {
      try {
        return await this.runTransaction(run);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        return this.runTransaction(run);
      }
    });
  }

  private async runTransaction<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const result = await run(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /**
   * One statement with settings that end with it, in one round trip: the four commands are pipelined.
   * The statement is prepared once per connection, under its name, which must belong to its text alone.
   */
  async queryWith<Row extends pg.QueryResultRow>(
    local: Record<string, string>,
    statement: { name: string; text: string; values: unknown[] },
  ): Promise<Row[]> {
    return this.guard(async () => {
      const client = await this.pool.connect();
      let broken = true;
      try {
        const names = Object.keys(local);
        const calls = names.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`).join(', ');
        const [begin, set, result, commit] = await Promise.allSettled([
          client.query('BEGIN'),
          client.query({
            name: `settings_${names.length}`,
            text: `SELECT ${calls}`,
            values: names.flatMap((name) => [name, local[name]]),
          }),
          client.query<Row>(statement),
          client.query('COMMIT'),
        ]);
        broken = commit.status === 'rejected';
        for (const step of [begin, set]) if (step.status === 'rejected') throw step.reason;
        if (result.status === 'rejected') throw result.reason;
        return result.value.rows;
      } finally {
        client.release(broken);
      }
    });
  }

  /** A connection of its own without a statement timeout, for index builds. */
  async withLongClient<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.guard(async () => {
      const client = new pg.Client(clientSettings({ url: this.settings.url, statementTimeoutMs: 0 }));
      client.on('error', () => undefined);
      await client.connect();
      try {
        return await run(client);
      } finally {
        await client.end().catch(() => undefined);
      }
    });
  }
}
