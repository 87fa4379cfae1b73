import { requestSeconds, type TelemetryMetric } from './telemetry-metric.ts';

const outcome = ['ok', 'failed', 'aborted'] as const;

/** Between a query and its vector: the client's side, and the embedded model server's own. */
export const modelMetrics = {
  embedding_studio_model_server_request_duration_seconds: {
    type: 'histogram',
    help: 'Time that the model server took to answer, as its caller saw it.',
    labels: { operation: ['infer', 'load', 'unload', 'index', 'stats', 'probe'], outcome },
    buckets: requestSeconds,
  },
  embedding_studio_model_server_ready: {
    type: 'gauge',
    help: '1 while the model server answers its readiness probe, 0 while it does not.',
    labels: {},
  },
  embedding_studio_model_server_infer_duration_seconds: {
    type: 'histogram',
    help: 'Time of one run of a model in the embedded model server, without waiting.',
    labels: { outcome: ['ok', 'failed'] },
    buckets: requestSeconds,
  },
  embedding_studio_model_server_wait_duration_seconds: {
    type: 'histogram',
    help: 'Time that a run of the embedded model server waited for the run before it; of its first request.',
    labels: {},
    buckets: requestSeconds,
  },
  embedding_studio_model_server_batch_rows: {
    type: 'histogram',
    help: 'Rows that the embedded model server ran at once.',
    labels: {},
    buckets: [1, 2, 4, 8, 16, 32, 64],
  },
  embedding_studio_query_cache_lookups_total: {
    type: 'counter',
    help: 'Vectors of queries looked for in memory before the model server is asked.',
    labels: { result: ['hit', 'miss'] },
  },
  embedding_studio_circuit_state: {
    type: 'gauge',
    help: '1 for the state that a circuit breaker is in, 0 for the others. Open: the model server is left alone.',
    labels: { circuit: ['query_embedding'], state: ['closed', 'half_open', 'open'] },
  },
} as const satisfies Record<string, TelemetryMetric>;
