import { openServer } from './open-server';

/** Answers a request within a span, and times it until the head of its answer. `route`: its template. */
export async function observeRequest(
  { route, request }: { route: string; request: Request },
  answer: () => Promise<Response>,
): Promise<Response> {
  const { backend, telemetry } = await openServer();
  const { method, headers } = request;
  const attributes = { 'http.request.method': method, 'http.route': route };
  const traceparent = headers.get('traceparent');
  const span = { name: `${method} ${route}`, kind: 'server', attributes, traceparent } as const;
  const started = performance.now();
  let status = 500;
  return telemetry.trace(span, async ({ describe, fail }) => {
    try {
      const response = await answer();
      status = response.status;
      return response;
    } finally {
      const seconds = (performance.now() - started) / 1_000;
      const labels = backend.observe.httpLabels({ route, method, status });
      telemetry.observe('embedding_studio_http_request_duration_seconds', labels, seconds);
      describe({ 'http.response.status_code': status });
      if (status >= 500) fail(String(status));
    }
  });
}
