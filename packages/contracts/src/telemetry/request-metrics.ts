import { errorCodes } from '../error-code.ts';
import { projectsMax, requestSeconds, type TelemetryMetric } from './telemetry-metric.ts';

const method = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;
const status = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;
const route = 300;
const project = projectsMax;
const legs = ['fused', 'vector', 'lexical'] as const;

/** What callers see: requests, procedures and searches. */
export const requestMetrics = {
  embedding_studio_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from the first byte of a request to the last of its answer, by route template.',
    labels: { route, method, status },
    buckets: requestSeconds,
  },
  embedding_studio_http_errors_total: {
    type: 'counter',
    help: 'Requests that were answered with an error, by its code.',
    labels: { route, code: [...errorCodes, 'ROUTE_NOT_FOUND'] },
  },
  embedding_studio_procedure_duration_seconds: {
    type: 'histogram',
    help: 'Time that a procedure took, whether REST or tRPC called it.',
    labels: { procedure: 400 },
    buckets: requestSeconds,
  },
  embedding_studio_procedure_calls_total: {
    type: 'counter',
    help: 'Calls of procedures by how they ended: OK or an error code.',
    labels: { procedure: 400, code: ['OK', ...errorCodes] },
  },
  embedding_studio_search_duration_seconds: {
    type: 'histogram',
    help: 'Time of searches that found an answer, by the legs that were asked for.',
    labels: { legs },
    buckets: requestSeconds,
  },
  embedding_studio_search_step_duration_seconds: {
    type: 'histogram',
    help: "Time of a search's parts: the query's vector, the candidates of both legs, what is shown of the hits.",
    labels: { step: ['embed', 'candidates', 'hits'] },
    buckets: requestSeconds,
  },
  embedding_studio_searches_total: {
    type: 'counter',
    help: 'Searches by legs and outcome; lexical_only, session_not_stored and standby_only are answers that went without something.',
    labels: { legs, outcome: ['complete', 'lexical_only', 'session_not_stored', 'standby_only', 'refused', 'failed'] },
  },
  embedding_studio_spool_bytes: {
    type: 'gauge',
    help: 'Disk that sessions and clicks take which wait for the document store.',
    labels: { project },
  },
  embedding_studio_spool_age_seconds: {
    type: 'gauge',
    help: 'How long the oldest of them has waited; 0: none waits.',
    labels: { project },
  },
  embedding_studio_spool_writes_total: {
    type: 'counter',
    help: 'Writes of the clickstream by what the spool did: accepted them, stored them, found no room, or the store refused them.',
    labels: { project, outcome: ['accepted', 'stored', 'full', 'refused'] },
  },
} as const satisfies Record<string, TelemetryMetric>;
