import { mkdir } from 'node:fs/promises';
import { httpStatusOf, StudioError, type Telemetry, toStudioError } from '@embedding-studio/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import { ModelPool, type ModelPoolSettings } from './model-pool.ts';
import { checkModelName } from './model-repository.ts';
import { runInference } from './run-inference.ts';
import { serverDescription } from './server-facts.ts';
import { writeServerMetrics } from './server-metrics.ts';
import { decodeMessage, encodeMessage, headerLengthHeader } from './tensor-protocol.ts';

export interface ModelServerSettings extends ModelPoolSettings {
  host: string;
  /** 0 picks a free port. */
  port: number;
  bodyBytesMax: number;
  /** Of gRPC beside HTTP; 0 picks a free port. Default: no gRPC. */
  grpcPort?: number;
}

export interface RunningModelServer {
  url: string;
  /** `grpc://host:port`, or null. */
  grpcUrl: string | null;
  close(): Promise<void>;
}

interface NamedRoute {
  Params: { name: string };
}

/** KServe v2 over HTTP, and gRPC where it is asked for, with explicit model control: the embedded stand-in for Triton. */
export async function startModelServer(settings: ModelServerSettings): Promise<RunningModelServer> {
  await mkdir(settings.repositoryFolder, { recursive: true });
  const pool = new ModelPool(settings);
  const app = Fastify({ bodyLimit: settings.bodyBytesMax, forceCloseConnections: true });
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    const known = asStudioError(error);
    if (known.code === 'MODEL_SERVER_UNAVAILABLE') reply.header('retry-after', '1');
    return reply
      .status(httpStatusOf[known.code])
      .send({ error: known.publicMessage, code: known.code, field: known.field });
  });
  addHealthRoutes(app, pool);
  addRepositoryRoutes(app, pool);
  addInferRoute(app, pool, settings.telemetry);
  const url = await app.listen({ host: settings.host, port: settings.port });
  const grpc = await openGrpc(pool, settings);
  return {
    url,
    grpcUrl: grpc?.url ?? null,
    close: async () => {
      await Promise.all([app.close(), grpc?.close()]);
      await pool.close();
    },
  };
}

/** Its library is only loaded where it is used. */
async function openGrpc(pool: ModelPool, { grpcPort, host, bodyBytesMax, telemetry }: ModelServerSettings) {
  if (grpcPort === undefined) return null;
  const { startGrpcListener } = await import('./grpc-listener.ts');
  return startGrpcListener(pool, { host, port: grpcPort, messageBytesMax: bodyBytesMax, telemetry });
}

function asStudioError(error: unknown): StudioError {
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  return isTooLarge
    ? new StudioError('BODY_TOO_LARGE', 'The request body is too large; send fewer rows.')
    : toStudioError(error);
}

function addHealthRoutes(app: FastifyInstance, pool: ModelPool): void {
  app.get('/v2', () => serverDescription);
  app.get('/metrics', (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(writeServerMetrics(pool.summarise())),
  );
  app.get('/v2/health/live', () => ({ live: true }));
  app.get('/v2/health/ready', () => ({ ready: true }));
  app.get<NamedRoute>('/v2/models/:name/ready', (request) => {
    pool.find(request.params.name);
    return { ready: true };
  });
  app.get<NamedRoute>('/v2/models/:name/stats', (request) => {
    const { name } = request.params;
    return { model_stats: [pool.find(name).statistics.describe(name)] };
  });
  app.get<NamedRoute>('/v2/models/:name', (request) => {
    const { name } = request.params;
    const { facts } = pool.find(name);
    return {
      name,
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: facts.inputs.map((input) => ({ name: input })),
      outputs: facts.outputs.map((output) => ({ name: output })),
      parameters: { execution_provider: facts.executionProvider },
    };
  });
}

function addRepositoryRoutes(app: FastifyInstance, pool: ModelPool): void {
  app.post('/v2/repository/index', () => pool.index());
  app.post<NamedRoute>('/v2/repository/models/:name/load', async (request) => {
    await pool.load(checkModelName(request.params.name));
    return {};
  });
  app.post<NamedRoute>('/v2/repository/models/:name/unload', async (request) => {
    await pool.unload(request.params.name);
    return {};
  });
}

function addInferRoute(app: FastifyInstance, pool: ModelPool, telemetry: Telemetry | undefined): void {
  app.post<NamedRoute>('/v2/models/:name/infer', async (request, reply) => {
    const { name } = request.params;
    // Unknown models first: their inputs say nothing.
    pool.find(name);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const headerBytes = request.headers[headerLengthHeader];
    const { header, tensors } = decodeMessage(
      body,
      headerBytes === undefined ? body.length : Number(headerBytes),
      'inputs',
    );
    const { traceparent } = request.headers;
    const chosen = await runInference(
      pool,
      {
        ...{ model: name, inputs: tensors, outputs: header.outputs?.map((output) => output.name) ?? null },
        ...{ priority: header.parameters?.priority, timeout: header.parameters?.timeout },
        traceparent: typeof traceparent === 'string' ? traceparent : null,
      },
      telemetry,
    );
    const answer = encodeMessage({ id: header.id, model_name: name, model_version: '1' }, 'outputs', chosen);
    return reply.header(headerLengthHeader, answer.headerBytes).type('application/octet-stream').send(answer.body);
  });
}
