import { projectsMax, type TelemetryMetric } from './telemetry-metric.ts';

const project = projectsMax;

/** What serves, and how far behind it is. Read from the stores, so the same in every process that tells it. */
export const stateMetrics = {
  embedding_studio_live_collection_items: {
    type: 'gauge',
    help: 'Items in the live collection, as last counted.',
    labels: { project },
  },
  embedding_studio_live_collection_stale_items: {
    type: 'gauge',
    help: 'Items whose current content has no vector in the live collection.',
    labels: { project },
  },
  embedding_studio_live_collection_size_bytes: {
    type: 'gauge',
    help: 'Room that the live collection takes up in the database.',
    labels: { project, part: ['vectors', 'index'] },
  },
  embedding_studio_live_collection_dead_rows_ratio: {
    type: 'gauge',
    help: 'Share of dead rows in the table of the live collection, by the statistics of PostgreSQL, 0 to 1.',
    labels: { project },
  },
  embedding_studio_live_collection_recall_ratio: {
    type: 'gauge',
    help: 'Recall@10 of the live index against exact search at the last index check, 0 to 1.',
    labels: { project },
  },
  embedding_studio_live_collection_recall_checked_timestamp_seconds: {
    type: 'gauge',
    help: 'When the live index was last checked, in seconds since 1970.',
    labels: { project },
  },
  embedding_studio_live_collection_query_drift_ratio: {
    type: 'gauge',
    help: 'How unlike queries of the last seven days are to those from before the live collection: 0.5 alike, 1 wholly other.',
    labels: { project },
  },
  embedding_studio_analytics_lag_seconds: {
    type: 'gauge',
    help: 'Time since the figures of sessions were last known to be up to date.',
    labels: { project },
  },
  embedding_studio_database_free_bytes: {
    type: 'gauge',
    help: "Room left on the disk of the database, where that is this machine's.",
    labels: { project },
  },
  embedding_studio_state_reads_total: {
    type: 'counter',
    help: 'Looks at the stores for these gauges; a failed one leaves them as they were.',
    labels: { project, outcome: ['ok', 'failed'] },
  },
} as const satisfies Record<string, TelemetryMetric>;
