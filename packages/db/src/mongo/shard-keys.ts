/** How a collection is spread over shards, or why it is not. */
export type Sharding = ShardedCollection | { key: null; why: string };

export interface ShardedCollection {
  /** Hashed where ids may grow with time and no other index is unique; MongoDB has no unique hashed ones. */
  key: Record<string, 1 | 'hashed'>;
  why: string;
  /** What finds that ask all shards filter by: they lack the key, because they are about many of its values. */
  asksAll?: readonly string[];
}

const small = (what: string) => ({ key: null, why: `${what}: small, and stays so` }) as const;

/**
 * Every collection. Of one that is spread, each unique index begins with the key, as MongoDB demands. Ids are unique on
 * each shard only: they are the key, or hold it, so that two of the same id would lie on one shard.
 */
export const shardKeys: Readonly<Record<string, Sharding>> = {
  session_events: {
    key: { sessionId: 'hashed' },
    why: 'written, read and deleted by session; the id begins with the session',
    asksAll: ['receivedAt'],
  },
  session_facts: {
    key: { _id: 'hashed' },
    why: 'one for each session, by its id',
    asksAll: ['at', 'sequence', 'userId', 'traitsKey', '$or'],
  },
  session_item_chunks: { key: { _id: 'hashed' }, why: 'read by the ids that session_item_hours leads to' },
  job_log_lines: { key: { jobId: 1 }, why: 'written and read by job; the id begins with the job' },
  metric_chunks: { key: { runId: 1 }, why: 'written and read by run; the id begins with the run' },
  latest_metrics: { key: { runId: 1 }, why: 'written and read by run; the id begins with the run' },

  sessions: {
    key: null,
    why: 'two unique keys of which neither holds the other: the id of a session, by which a repeated registration is known, and its number in its batch',
  },
  tasks: { key: null, why: 'two unique keys: the id and the idempotency key, by which a repeated request is known' },
  session_batches: small('a few hundred a year'),
  session_traits: small('one for each combination of model, device and the like'),
  session_item_hours: small('two an hour, of the items that occurred in it'),
  analytics_buckets: small('one an hour and one a day'),
  analytics_queries: small('one an hour and one a day'),
  analytics_slices: small('one an hour and one a day'),
  analytics_versions: small('one an hour and one a day'),
  analytics_state: small('one document'),
  rollouts: small('one for each model that was tried'),
  experiments: small('one for each name'),
  runs: small('one for each training, with two unique keys'),
  model_versions: small('one for each model, with three unique keys'),
  model_aliases: small('a few for each name'),
  workers: small('one for each process, for an hour'),
  task_minutes: small('one for each kind of task and minute, for two days'),
  queue_pauses: small('one for each kind of task'),
  upgrades: small('one for each upgrade'),
  metric_points: { key: null, why: 'of earlier versions; emptied when the stores open' },
};
