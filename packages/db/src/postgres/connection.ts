import { noTelemetry, type Telemetry } from '@embedding-studio/contracts';
import pg from 'pg';
import { isRetryable, toPostgresError } from './postgres-errors.ts';
import { nameStatement } from './statement-name.ts';

export interface PostgresSettings {
  url: string;
  /** Connections kept at most; searches have a pool of their own of this size. */
  poolMax: number;
  /** Longest a single statement may run, milliseconds. Index builds are exempt. */
  statementTimeoutMs: number;
  /** Told of every statement. */
  telemetry?: Telemetry;
}

const connectTimeoutMs = 5_000;
/** Different search statements that one process keeps prepared. */
const preparedMax = 300;
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

/** Settings of searches, for the whole session: they would spoil the plans of everything else. */
export const searchOptions = [
  '-c jit=off',
  // Small tables would tempt the planner into reading every vector.
  '-c enable_seqscan=off',
  '-c hnsw.iterative_scan=relaxed_order',
  // A filtered scan stops where enough has passed; the planner sees to it that this is not too far.
  '-c hnsw.max_scan_tuples=200000',
  '-c hnsw.scan_mem_multiplier=4',
  // The plan is the same for every query; making it anew takes as long as a search of a small catalogue.
  '-c plan_cache_mode=force_generic_plan',
].join(' ');

/** Connections for searches alone. */
export function createSearchPool(settings: PostgresSettings): pg.Pool {
  // One statement at a time is all that these carry, and a pipeline makes each of them dearer.
  return openPool({ ...clientSettings(settings), pipeline: false, options: searchOptions, max: settings.poolMax });
}

export function createPool(settings: PostgresSettings): pg.Pool {
  return openPool({ ...clientSettings(settings), max: settings.poolMax });
}

function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...config, idleTimeoutMillis: 30_000 });
  // An idle connection that the server closes is replaced at the next checkout; without a listener it ends the process.
  pool.on('error', () => undefined);
  // The same for a connection that is lost between two statements of a transaction: the next statement reports it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export interface Statement {
  text: string;
  values: unknown[];
}

export function setWidth(efSearch: number): Statement {
  const text = "SELECT set_config('hnsw.ef_search', $1, false)";
  return { text, values: [String(efSearch)] };
}

export interface PoolFacts {
  name: 'stores' | 'searches';
  inUse: number;
  idle: number;
  /** Statements that wait for a connection. */
  waiting: number;
}

interface Measured {
  operation: 'statement' | 'search' | 'transaction';
  /** Of the span. */
  name: string;
}

/** Owns the pool and turns driver errors into StudioErrors. */
export class Connection {
  private readonly searchPool: pg.Pool;
  /** Beam width that each search connection was last set to. */
  private readonly widths = new WeakMap<pg.PoolClient, number>();
  private readonly names = new Map<string, string>();

  constructor(
    readonly pool: pg.Pool,
    private readonly settings: PostgresSettings,
  ) {
    this.searchPool = createSearchPool(settings);
  }

  /** One statement outside a transaction. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const measured = { operation: 'statement', name: nameStatement(text) } as const;
    return this.measure(measured, async () => (await this.pool.query<Row>(text, values)).rows);
  }

  /** Runs typed (drizzle) statements with the same error mapping. */
  async guard<T>(run: () => Promise<T>): Promise<T> {
    return this.measure({ operation: 'statement', name: 'SQL' }, run);
  }

  private measure<T>(measured: Measured, run: () => Promise<T>): Promise<T> {
    const { telemetry = noTelemetry } = this.settings;
    const { operation, name } = measured;
    const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
    return telemetry.trace({ name, kind: 'client', attributes }, async () => {
      const started = performance.now();
      try {
        return await run();
      } catch (error) {
        throw toPostgresError(error);
      } finally {
        const seconds = (performance.now() - started) / 1_000;
        telemetry.observe('embedding_studio_database_statement_duration_seconds', { operation }, seconds);
      }
    });
  }

  /** What the pools hold at this moment. */
  describePools(): PoolFacts[] {
    const pools = { stores: this.pool, searches: this.searchPool } as const;
    return (['stores', 'searches'] as const).map((name) => {
      const { totalCount, idleCount, waitingCount } = pools[name];
      return { name, inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    });
  }

  /** READ COMMITTED; after a deadlock or serialisation failure the whole function runs once more. */
  async transaction<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.measure({ operation: 'transaction', name: 'TRANSACTION' }, async () => {
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

  /** One prepared statement on a connection set up for searches, with this beam width; null where none is used. */
  async search<Row extends pg.QueryResultRow>(statement: Statement, efSearch: number | null): Promise<Row[]> {
    const prepared = this.prepare(statement);
    const measured = { operation: 'search', name: 'SEARCH' } as const;
    if (efSearch === null) return this.measure(measured, async () => (await this.searchPool.query<Row>(prepared)).rows);
    return this.measure(measured, async () => {
      const client = await this.searchPool.connect();
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
    });
  }

  /** Every text is prepared once per connection; beyond a limit, texts that filters made are planned each time. */
  private prepare(statement: Statement): Statement & { name?: string } {
    const known = this.names.get(statement.text);
    if (known === undefined && this.names.size >= preparedMax) return statement;
    const name = known ?? `search_${this.names.size}`;
    this.names.set(statement.text, name);
    return { ...statement, name };
  }

  async end(): Promise<void> {
    await Promise.all([this.pool.end(), this.searchPool.end()]);
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
