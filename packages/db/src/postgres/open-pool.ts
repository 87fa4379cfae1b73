import pg from 'pg';

/** How connections to one server are made. */
export interface ServerSettings {
  url: string;
  /** Connections kept at most; searches have a pool of their own of this size. */
  poolMax: number;
  /** Longest a single statement may run, milliseconds. Index builds are exempt. */
  statementTimeoutMs: number;
  /** Longest that a connection may take, the wait for a free one included; default 5 seconds. */
  connectTimeoutMs?: number;
}

const connectTimeoutMs = 5_000;
const idleInTransactionMs = 60_000;

export function clientSettings(settings: Omit<ServerSettings, 'poolMax'>): pg.ClientConfig {
  const { url, statementTimeoutMs } = settings;
  return {
    connectionString: url,
    application_name: 'embedding-studio',
    connectionTimeoutMillis: settings.connectTimeoutMs ?? connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    // The server's own limit comes first; this one is for a server that no longer answers at all.
    query_timeout: statementTimeoutMs === 0 ? undefined : statementTimeoutMs + connectTimeoutMs,
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
export function createSearchPool(settings: ServerSettings): pg.Pool {
  // One statement at a time is all that these carry, and a pipeline makes each of them dearer.
  return openPool({ ...clientSettings(settings), pipeline: false, options: searchOptions, max: settings.poolMax });
}

export function createPool(settings: ServerSettings): pg.Pool {
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
