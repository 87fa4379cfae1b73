import { createCaller } from '@embedding-studio/api';
import { errorAnswer, findStudioError, type RestRoute, restRoutes } from '@embedding-studio/api/rest';
import { StudioError, toStudioError } from '@embedding-studio/contracts';
import type { ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkJsonDepth } from './json-depth.ts';
import { countError } from './observe-requests.ts';
import type { ContextOf } from './open-context.ts';

/** Mounts the REST table; each route calls its procedure in-process. */
export function addRestRoutes(app: FastifyInstance, options: RestOptions): void {
  const { telemetry } = options;
  app.setErrorHandler((error, request, reply) => {
    const known = fromFastify(error);
    countError(telemetry, request, known);
    return sendError(reply, { requestId: request.id, traceId: telemetry?.traceIds()?.traceId }, known);
  });
  app.setNotFoundHandler((request, reply) => {
    telemetry?.count('embedding_studio_http_errors_total', { route: 'none', code: 'ROUTE_NOT_FOUND' });
    const body = {
      detail: `There is no ${request.method} ${request.url.split('?')[0]}; see /openapi.json.`,
      code: 'ROUTE_NOT_FOUND',
      request_id: request.id,
    };
    return reply.status(404).send(body);
  });
  for (const route of restRoutes) {
    app.route({
      method: route.method,
      url: `/api/v1${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      handler: async (request, reply) => {
        const answer = await runRoute(route, { request, reply, ...options });
        // Fastify would send an empty body for null; the contract says JSON null.
        return reply.type('application/json').send(JSON.stringify(answer));
      },
    });
  }
}

export interface RestOptions {
  contextOf: ContextOf;
  jsonDepthMax: number;
  telemetry?: ProcessTelemetry;
}

interface RouteCall extends RestOptions {
  request: FastifyRequest;
  reply: FastifyReply;
}

async function runRoute(route: RestRoute, call: RouteCall): Promise<unknown> {
  const { request, reply, contextOf } = call;
  if (route.isBeacon) return runBeacon(route, call);
  const ctx = await contextOf({ request, reply, isOpen: route.scope === null });
  const input = (route.method === 'POST' ? request.body : request.query) ?? {};
  const named = route.path.includes('{') ? Object.assign({}, input, request.params) : input;
  return route.run(createCaller(ctx), named);
}

/** Browsers send beacons as plain text, which needs no preflight. */
async function runBeacon(route: RestRoute, { request, reply, contextOf, jsonDepthMax }: RouteCall): Promise<unknown> {
  const { body } = request;
  const input = typeof body === 'string' ? parseText(body, jsonDepthMax) : body;
  const key = typeof input === 'object' && input !== null && 'api_key' in input ? input.api_key : null;
  const ctx = await contextOf({ request, reply, isOpen: false, secret: typeof key === 'string' ? key : null });
  return route.run(createCaller(ctx), input);
}

function parseText(text: string, depthMax: number): unknown {
  checkJsonDepth(text, depthMax);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', 'body: is not valid JSON.', { field: 'body', cause });
  }
}

function fromFastify(error: unknown): StudioError {
  const known = findStudioError(error);
  if (known) return known;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new StudioError('BODY_TOO_LARGE', 'The request body is too large; send less at once.', { field: 'body' });
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500)
    return new StudioError('INPUT_INVALID', `body: ${error instanceof Error ? error.message : 'is not valid JSON'}`, {
      field: 'body',
    });
  return toStudioError(error);
}

function sendError(
  reply: FastifyReply,
  ids: { requestId: string; traceId?: string },
  error: StudioError,
): FastifyReply {
  const { status, body } = errorAnswer(error, ids);
  if (status === 503) reply.header('retry-after', '1');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.status(status).send(body);
}
