import { buildOpenApi, restRoutes } from '@embedding-studio/api/rest';
import type { CoreDeps } from '@embedding-studio/core';
import Fastify, { type FastifyInstance } from 'fastify';
import { openContext } from './open-context.ts';
import { addRestRoutes } from './rest-routes.ts';
import { addTrpc } from './trpc-routes.ts';

export interface GatewayOptions {
  deps: CoreDeps;
  bodyBytesMax: number;
  requestTimeoutMs: number;
  version: string;
}

/** The public HTTP server: REST below /api/v1, tRPC below /trpc, the contract at /openapi.json, probes. */
export function createGateway(options: GatewayOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: options.bodyBytesMax,
    requestTimeout: options.requestTimeoutMs,
    routerOptions: { maxParamLength: 2_000 },
    genReqId: () => globalThis.crypto.randomUUID(),
    forceCloseConnections: 'idle',
  });
  const openApi = buildOpenApi(restRoutes, options.version);
  app.get('/openapi.json', () => openApi);
  app.get('/health/live', () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    const isReady = await options.deps.collections.findLive().then(
      () => true,
      () => false,
    );
    return reply.status(isReady ? 200 : 503).send({ ready: isReady });
  });
  const contextOf = openContext(options.deps);
  addRestRoutes(app, contextOf);
  addTrpc(app, { contextOf });
  return app;
}
