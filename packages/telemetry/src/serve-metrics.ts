import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StudioError } from '@embedding-studio/contracts';
import { type MetricsToken, mayReadMetrics } from './metrics-access.ts';
import type { ProcessTelemetry } from './open-telemetry.ts';

export interface MetricsServerOptions {
  telemetry: Pick<ProcessTelemetry, 'scrape'>;
  host: string;
  /** 0 picks a free port. */
  port: number;
  token: MetricsToken;
}

export interface MetricsServer {
  url: string;
  close(): Promise<void>;
}

/** `GET /metrics` for a process that serves nothing else. @throws StudioError SETTINGS_INVALID where the port is taken */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 10_000, keepAliveTimeout: 60_000 }, (request, response) => {
    void answer(options, { request, response });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new StudioError('SETTINGS_INVALID', `METRICS_PORT: cannot listen: ${cause.message}`, { cause }));
    });
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { telemetry, token }: MetricsServerOptions,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { remoteAddress } = request.socket;
  if (request.url?.split('?')[0] !== '/metrics' || request.method !== 'GET') return end(response, 404);
  if (!mayReadMetrics({ remoteAddress, headers: request.headers }, token)) return end(response, 403);
  try {
    const { contentType, text } = await telemetry.scrape();
    response.writeHead(200, { 'content-type': contentType }).end(text);
  } catch {
    end(response, 500);
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end();
}
