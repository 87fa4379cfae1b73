import type pg from 'pg';
import { createPool, createSearchPool } from '../open-pool.ts';
import { SearchPool, type Statement } from '../search-pool.ts';
import type { Lag, PrimaryLog } from './primary-log.ts';
import type { ReadServer } from './read-server.ts';
import { Watch } from './watch.ts';

/**
 * `ready`: may be read. `behind`: has not replayed for too long. `away`: does not answer. `refused`: takes writes, or
 * follows another server: it is no standby of the primary.
 */
export type ReplicaState = 'ready' | 'behind' | 'away' | 'refused';

export interface ReplicaFacts {
  /** In the order of the setting, from 1. */
  place: number;
  /** Host and port. */
  where: string;
  state: ReplicaState;
  /** As of the last look; null where it did not answer. */
  lag: Lag | null;
  /** Reads that it answers at this moment. */
  inUse: number;
  /** Reads that it has answered for this process. */
  answered: number;
}

export interface ReplicaOptions {
  url: string;
  place: number;
  poolMax: number;
  /** Longest that a read may take here before another server is asked. */
  timeoutMs: number;
  lagMsMax: number;
  everyMs: number;
  restMs: number;
  primary: { log: PrimaryLog; cluster: () => string | null };
  onChange(facts: ReplicaFacts): void;
}

interface Look extends Record<string, unknown> {
  standby: boolean;
  position: number | null;
  cluster: string;
}

/** Longest wait for a connection. */
const connectTimeoutMs = 1_000;

const statement = `SELECT pg_is_in_recovery() AS standby, (SELECT system_identifier::text FROM pg_control_system()) AS cluster,
  pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::float8 AS position`;

/** One streaming standby. */
export class Replica implements ReadServer {
  state: ReplicaState = 'away';
  inUse = 0;
  private answered = 0;
  /** Sets those apart that are equally busy. */
  lastAskedAt = 0;
  readonly pool: pg.Pool;
  readonly watch: Watch<Look>;
  private readonly searches: SearchPool;
  private lag: Lag | null = null;

  constructor(private readonly options: ReplicaOptions) {
    const { url, poolMax, timeoutMs, everyMs, restMs } = options;
    const server = { url, poolMax, statementTimeoutMs: timeoutMs, connectTimeoutMs };
    this.pool = createPool(server);
    this.searches = new SearchPool(createSearchPool(server));
    this.watch = new Watch<Look>({ url, statement, everyMs, restMs, onLook: (row) => this.judge(row) });
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  guard<T>(run: () => Promise<T>): Promise<T> {
    return run();
  }

  search<Row extends pg.QueryResultRow>(wanted: Statement, efSearch: number | null): Promise<Row[]> {
    return this.searches.run<Row>(wanted, efSearch);
  }

  /** Fails as soon as the standby is known to be away. */
  async run<T>(use: (server: ReadServer) => Promise<T>): Promise<T> {
    this.inUse += 1;
    try {
      const answer = await this.watch.within(() => use(this));
      this.answered += 1;
      return answer;
    } finally {
      this.inUse -= 1;
    }
  }

  describe(): ReplicaFacts {
    const { state, lag, inUse, answered } = this;
    return { place: this.options.place, where: new URL(this.options.url).host, state, lag, inUse, answered };
  }

  private judge(look: Look | null): void {
    const before = this.state;
    this.lag = look?.position == null ? null : this.options.primary.log.lagOf(look.position, performance.now());
    this.state = this.judgeState(look);
    if (before !== this.state) this.options.onChange(this.describe());
  }

  private judgeState(look: Look | null): ReplicaState {
    if (look === null) return 'away';
    const cluster = this.options.primary.cluster();
    if (!look.standby || (cluster !== null && cluster !== look.cluster)) return 'refused';
    return this.lag === null || this.lag.ms > this.options.lagMsMax ? 'behind' : 'ready';
  }

  async close(): Promise<void> {
    await Promise.all([this.watch.close(), this.pool.end(), this.searches.pool.end()]);
  }
}
