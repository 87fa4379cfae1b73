import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServerOptions {
  host: string;
  /** 0 picks a free port. */
  port: number;
  /** False while the queues are not connected, and once the process stops. */
  isReady(): boolean;
}

export interface HealthServer {
  url: string;
  close(): Promise<void>;
}

/** `GET /health/live`, `GET /health/ready` for probes; everything else is 404. */
export async function startHealthServer({ host, port, isReady }: HealthServerOptions): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 5_000 }, (request, reply) => {
    const answer = answerOf(request.url, isReady);
    reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, listening);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${chosen}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answerOf(path: string | undefined, isReady: () => boolean): { status: number; body: object } {
  if (path === '/health/live') return { status: 200, body: { live: true } };
  if (path !== '/health/ready') return { status: 404, body: { code: 'NOT_FOUND' } };
  const ready = isReady();
  return { status: ready ? 200 : 503, body: { ready } };
}
