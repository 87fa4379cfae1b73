import { buildOpenApi, restRoutes } from '@embedding-studio/api/rest';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ProjectDeps } from './choose-project.ts';
import { checkJsonDepth } from './json-depth.ts';
import { type GatewayMetrics, observeRequests } from './observe-requests.ts';
import { openContext } from './open-context.ts';
import type { RateLimits } from './rate-limits.ts';
import { addRestRoutes } from './rest-routes.ts';
import { addTrpc } from './trpc-routes.ts';

export interface GatewayOptions {
  projects: ProjectDeps;
  limits: RateLimits;
  bodyBytesMax: number;
  jsonDepthMax: number;
  requestTimeoutMs: number;
  /** Proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  corsOrigins: string[];
  version: string;
  /** Absent: nothing is measured, and there is no /metrics. */
  metrics?: GatewayMetrics;
  /** Hears of every route as it is mounted. */
  onRoute?: (route: { method: string | string[]; url: string }) => void;
}

const rateHeaders = ['ratelimit', 'ratelimit-policy', 'retry-after'];

/** The public HTTP server: REST below /api/v1, tRPC below /trpc, the contract at /openapi.json, probes. */
export function createGateway(options: GatewayOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: options.bodyBytesMax,
    requestTimeout: options.requestTimeoutMs,
    routerOptions: { maxParamLength: 2_000 },
    genReqId: () => globalThis.crypto.randomUUID(),
    forceCloseConnections: 'idle',
    trustProxy: options.trustedProxies.length === 0 ? false : options.trustedProxies,
  });
  if (options.onRoute) app.addHook('onRoute', options.onRoute);
  if (options.corsOrigins.length > 0)
    app.register(cors, { origin: options.corsOrigins, exposedHeaders: rateHeaders, maxAge: 600 });
  parseJsonWithin(app, options.jsonDepthMax);
  if (options.metrics) observeRequests(app, options.metrics);
  addOpenAnswers(app, options);
  const contextOf = openContext(options.projects, options.limits);
  const telemetry = options.metrics?.telemetry;
  addRestRoutes(app, { contextOf, jsonDepthMax: options.jsonDepthMax, telemetry });
  addTrpc(app, { contextOf, jsonDepthMax: options.jsonDepthMax });
  return app;
}

/** Fastify's own parser, behind a look at the depth. */
function parseJsonWithin(app: FastifyInstance, depthMax: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    try {
      checkJsonDepth(body, depthMax);
    } catch (error) {
      done(error as Error);
      return;
    }
    parse(request, body, done);
  });
}

function addOpenAnswers(app: FastifyInstance, options: GatewayOptions): void {
  const openApi = buildOpenApi(restRoutes, options.version);
  app.get('/openapi.json', () => openApi);
  app.get('/health/live', () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    const looks = [...options.projects.values()].map(({ collections }) => collections.findLive());
    const isReady = await Promise.all(looks).then(
      () => true,
      () => false,
    );
    return reply.status(isReady ? 200 : 503).send({ ready: isReady });
  });
}
