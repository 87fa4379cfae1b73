import { findStudioError } from '@embedding-studio/api/rest';
import { StudioError } from '@embedding-studio/contracts';
import {
  httpLabels,
  type MetricsToken,
  mayReadMetrics,
  type ProcessTelemetry,
} from '@embedding-studio/telemetry/observe';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface GatewayMetrics {
  telemetry: ProcessTelemetry;
  /** Asked of whoever reads `/metrics`; null: only this machine may. */
  token: MetricsToken;
}

/** Times every answer, opens a span around every handler, and answers `GET /metrics`. */
export function observeRequests(app: FastifyInstance, { telemetry, token }: GatewayMetrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const labels = httpLabels({ route: routeOf(request), method: request.method, status: reply.statusCode });
    telemetry.observe('embedding_studio_http_request_duration_seconds', labels, reply.elapsedTime / 1_000);
    done();
  });
  // After the body has been read: its events would lose the span that is open.
  app.addHook('preHandler', (request, reply, done) => {
    const route = routeOf(request);
    if (untraced.test(route)) return done();
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    const { traceparent } = request.headers;
    const from = typeof traceparent === 'string' ? traceparent : null;
    const span = { name: `${request.method} ${route}`, kind: 'server', attributes, traceparent: from } as const;
    void telemetry.trace(span, async ({ describe, fail }) => {
      const ended = new Promise<void>((resolve) => {
        // Whoever went away while the body was read has closed it already.
        if (reply.raw.closed) resolve();
        else reply.raw.once('close', resolve);
      });
      done();
      await ended;
      describe({ 'http.response.status_code': reply.statusCode });
      if (reply.statusCode >= 500) fail(String(reply.statusCode));
    });
  });
  app.get('/metrics', async (request, reply) => {
    const { headers, socket } = request;
    if (!mayReadMetrics({ remoteAddress: socket.remoteAddress, headers }, token)) throw metricsRefused(token);
    const { contentType, text } = await telemetry.scrape();
    return reply.type(contentType).send(text);
  });
}

/** Counts an error that is about to be answered. */
export function countError(telemetry: ProcessTelemetry | undefined, request: FastifyRequest, error: unknown): void {
  const code = findStudioError(error)?.code ?? 'INTERNAL';
  telemetry?.count('embedding_studio_http_errors_total', { route: routeOf(request), code });
}

/** Asked every few seconds by machines. */
const untraced = /^\/(metrics|health\/\w+)$/;

/** tRPC's plugin has one route for all procedures: they have metrics of their own. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

function metricsRefused(token: MetricsToken): StudioError {
  const wanted = 'Send `Authorization: Bearer <METRICS_TOKEN>`.';
  if (token !== null) return new StudioError('UNAUTHENTICATED', wanted, { field: 'authorization' });
  return new StudioError(
    'FORBIDDEN',
    'Metrics are told to this machine only; set METRICS_TOKEN to read them from others.',
  );
}
