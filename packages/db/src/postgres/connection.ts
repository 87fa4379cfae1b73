import { noTelemetry, type Telemetry } from '@embedding-studio/contracts';
import pg from 'pg';
import { clientSettings, createSearchPool, type ServerSettings } from './open-pool.ts';
import { isRetryable, toPostgresError } from './postgres-errors.ts';
import type { ReadServer } from './replicas/read-server.ts';
import { ReplicaSet, type ReplicaSettings } from './replicas/replica-set.ts';
import { SearchPool, type Statement } from './search-pool.ts';
import { nameStatement } from './statement-name.ts';

export interface PostgresSettings extends ServerSettings {
  /** Memory of one build of a vector index; default 256 MB. */
  buildMegabytes?: number;
  /** Told of every statement. */
  telemetry?: Telemetry;
  /** Standbys that searches may be read from; absent: none. */
  replicas?: ReplicaSettings;
}

export interface PoolFacts {
  name: 'stores' | 'searches';
  inUse: number;
  idle: number;
  /** Statements that wait for a connection. */
  waiting: number;
}

const defaultBuildMegabytes = 256;

interface Measured {
  operation: 'statement' | 'search' | 'transaction';
  /** Of the span. */
  name: string;
}

/** Owns the pools of the primary, and the standbys beside it, and turns driver errors into StudioErrors. */
export class Connection implements ReadServer {
  readonly replicas: ReplicaSet | null;
  private readonly searches: SearchPool;

  constructor(
    readonly pool: pg.Pool,
    private readonly settings: PostgresSettings,
  ) {
    this.searches = new SearchPool(createSearchPool(settings));
    this.replicas = settings.replicas === undefined ? null : new ReplicaSet(settings, settings.replicas);
  }

  /** One statement outside a transaction. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const measured = { operation: 'statement', name: nameStatement(text) } as const;
    return this.measurePrimary(measured, async () => (await this.pool.query<Row>(text, values)).rows);
  }

  /** Runs typed (drizzle) statements with the same error mapping. */
  async guard<T>(run: () => Promise<T>): Promise<T> {
    return this.measurePrimary({ operation: 'statement', name: 'SQL' }, run);
  }

  /** While the primary is known to be away its statements fail at once, also those that wait for it already. */
  private measurePrimary<T>(measured: Measured, run: () => Promise<T>): Promise<T> {
    const { replicas } = this;
    return this.measure(measured, replicas === null ? run : () => replicas.withinPrimary(run));
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
    const pools = { stores: this.pool, searches: this.searches.pool } as const;
    return (['stores', 'searches'] as const).map((name) => {
      const { totalCount, idleCount, waitingCount } = pools[name];
      return { name, inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    });
  }

  /** READ COMMITTED; after a deadlock or serialisation failure the whole function runs once more. */
  async transaction<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.measurePrimary({ operation: 'transaction', name: 'TRANSACTION' }, async () => {
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

  /** Of the primary. */
  async search<Row extends pg.QueryResultRow>(statement: Statement, efSearch: number | null): Promise<Row[]> {
    return this.measurePrimary({ operation: 'search', name: 'SEARCH' }, () =>
      this.searches.run<Row>(statement, efSearch),
    );
  }

  /** The same with the mapping of errors and the measures of a search, wherever it is run. */
  async measureRead<T>(run: () => Promise<T>): Promise<T> {
    return this.measure({ operation: 'search', name: 'SEARCH' }, run);
  }

  /** Counts a read that a standby may answer. */
  noteRead(server: 'standby' | 'primary'): void {
    const { telemetry = noTelemetry } = this.settings;
    if (this.replicas !== null) telemetry.count('embedding_studio_database_reads_total', { server });
  }

  async end(): Promise<void> {
    await Promise.all([this.pool.end(), this.searches.pool.end(), this.replicas?.close()]);
  }

  /** A connection of its own without a statement timeout and with memory for it, for index builds. */
  async withBuildClient<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.guard(async () => {
      const client = new pg.Client(clientSettings({ url: this.settings.url, statementTimeoutMs: 0 }));
      client.on('error', () => undefined);
      await client.connect();
      try {
        const megabytes = String(Math.round(this.settings.buildMegabytes ?? defaultBuildMegabytes));
        await client.query("SELECT set_config('maintenance_work_mem', $1, false)", [`${megabytes}MB`]);
        return await run(client);
      } finally {
        await client.end().catch(() => undefined);
      }
    });
  }
}
