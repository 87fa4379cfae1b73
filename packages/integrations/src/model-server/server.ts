import { mkdir } from 'node:fs/promises';
import { httpStatusOf, noTelemetry, StudioError, type Telemetry, toStudioError } from '@embedding-studio/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import { ModelPool, type ModelPoolSettings } from './model-pool.ts';
import { checkModelName } from './model-repository.ts';
import { writeServerMetrics } from './server-metrics.ts';
import { decodeMessage, encodeMessage, headerLengthHeader, type InferHeader } from './tensor-protocol.ts';

export interface ModelServerSettings extends ModelPoolSettings {
  host: string;
  /** 0 picks a free port. */
  port: number;
  bodyBytesMax: number;
}

interface NamedRoute {
  Params: { name: string };
}

/** KServe v2 over HTTP with explicit model control: the embedded stand-in for Triton. */
export async function startModelServer(
  settings: ModelServerSettings,
): Promise<{ url: string; close(): Promise<void> }> {
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
  addInferRoute(app, pool, settings.telemetry ?? noTelemetry);
  const url = await app.listen({ host: settings.host, port: settings.port });
  return {
    url,
    close: async () => {
      await app.close();
      await pool.close();
    },
  };
}

function asStudioError(error: unknown): StudioError {
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  return isTooLarge
    ? new StudioError('BODY_TOO_LARGE', 'The request body is too large; send fewer rows.')
    : toStudioError(error);
}

function addHealthRoutes(app: FastifyInstance, pool: ModelPool): void {
  app.get('/v2', () => ({
    name: 'embedding-studio-model-server',
    version: '1',
    extensions: ['binary_tensor_data', 'model_repository', 'schedule_policy', 'statistics'],
  }));
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

function addInferRoute(app: FastifyInstance, pool: ModelPool, telemetry: Telemetry): void {
  app.post<NamedRoute>('/v2/models/:name/infer', async (request, reply) => {
    const { name } = request.params;
    const model = pool.find(name);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const headerBytes = request.headers[headerLengthHeader];
    const { header, tensors } = decodeMessage(
      body,
      headerBytes === undefined ? body.length : Number(headerBytes),
      'inputs',
    );
    checkInputs(
      tensors.map((tensor) => tensor.name),
      model.facts.inputs,
    );
    const { traceparent } = request.headers;
    const outputs = await telemetry.trace(
      { name: 'infer', kind: 'server', traceparent: typeof traceparent === 'string' ? traceparent : null },
      () => model.infer({ inputs: tensors, ...scheduleOf(header) }),
    );
    const wanted = header.outputs?.map((output) => output.name) ?? model.facts.outputs;
    const chosen = outputs.filter((output) => wanted.includes(output.name));
    const answer = encodeMessage({ id: header.id, model_name: name, model_version: '1' }, 'outputs', chosen);
    return reply.header(headerLengthHeader, answer.headerBytes).type('application/octet-stream').send(answer.body);
  });
}

function checkInputs(given: readonly string[], expected: readonly string[]): void {
  for (const name of expected) {
    if (!given.includes(name))
      throw new StudioError('INPUT_INVALID', `Input "${name}" is missing.`, { field: 'inputs' });
  }
  for (const name of given) {
    if (!expected.includes(name))
      throw new StudioError('INPUT_INVALID', `The model has no input "${name}".`, { field: 'inputs' });
  }
}

/** Triton's schedule policy extension: the time-out is in microseconds. */
function scheduleOf({ parameters }: InferHeader): { priority: number; timeoutMs: number } {
  const positive = (value: unknown, absent: number) => (typeof value === 'number' && value > 0 ? value : absent);
  return {
    priority: positive(parameters?.priority, 1),
    timeoutMs: positive(parameters?.timeout, Number.POSITIVE_INFINITY) / 1_000,
  };
}
