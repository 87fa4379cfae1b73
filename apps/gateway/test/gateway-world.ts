import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStudio, parseSettings, type Studio, studioFragment, tellOfStudios } from '@embedding-studio/composition';
import type { Log, Scope, Telemetry } from '@embedding-studio/contracts';
import {
  type CreateApiKeyInput,
  type Ctx,
  createApiKey,
  type RequestUpsertionInput,
  registerBaseModel,
  requestInitialIndex,
  requestUpsertion,
} from '@embedding-studio/core';
import { startModelServer } from '@embedding-studio/integrations/model-server';
import type { ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import { recordLog } from '@embedding-studio/testing';
import { startTestMongo } from '@embedding-studio/testing/mongo';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { startWorkers } from '../../workers/src/start-workers.ts';
import { createGateway } from '../src/server.ts';
import { writeTinyEncoder } from './tiny-encoder.ts';

export const bodyBytesMax = 200_000;

export interface Answer {
  status: number;
  headers: Headers;
  // Answers are checked field by field; a type would only repeat what is under test.
  body: Record<string, unknown> & { code?: string; field?: string; detail?: string };
}

export interface CallOptions {
  key?: string;
  body?: unknown;
  /** Sent as it is, with these headers. */
  raw?: { text: string; headers?: Record<string, string> };
}

export interface GatewayWorld {
  url: string;
  studio: Studio;
  /** Key of the scope, made by the world. */
  keys: Record<Scope, string>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  makeKey(options: Omit<CreateApiKeyInput, 'name'>): Promise<{ keyId: string; secret: string }>;
  /** Every address that the gateway has mounted. */
  routes: { method: string | string[]; url: string }[];
  /** Data sources may read below it. */
  sourceFolder: string;
  /** The jobs of a verb run by the system itself. */
  ctx: Ctx;
  /** Registers the tiny encoder; returns its id. */
  registerModel(seed?: number): Promise<string>;
  /** Items → base model → live collection, through the workers. Returns the model's id. */
  makeLive(items: RequestUpsertionInput['items']): Promise<string>;
  waitForTask(taskId: string): Promise<string>;
  stopModelServer(): Promise<void>;
  startModelServer(): Promise<void>;
  stop(): Promise<void>;
}

async function startModels(repositoryFolder: string, port: number, telemetry?: Telemetry) {
  return startModelServer({
    telemetry,
    ...{ host: '127.0.0.1', port, repositoryFolder, threads: 1, executionProviders: ['cpu'] },
    ...{ batchRowsMax: 16, queueMax: 1_000, modelsMax: 4, bodyBytesMax: 8_000_000 },
  });
}

export interface WorldOptions {
  failuresPerMinute?: number;
  /** Measures and traces gateway, workers and model server alike. */
  telemetry?: ProcessTelemetry;
  metricsToken?: string;
  /** Default: a database in the cluster that all tests share. */
  postgres?: TestPostgres;
  /** Over the settings of the world. */
  variables?: Record<string, string>;
  /** Default: kept and not printed. */
  log?: Log;
}

/** Every store, server and job of the product but for the process boundaries, and a model small enough to start at once. */
export async function startGatewayWorld(options: WorldOptions = {}): Promise<GatewayWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-test-gateway-'));
  const postgres = options.postgres ?? (await startTestPostgres({ poolMax: 2 }));
  const mongo = await startTestMongo();
  const { telemetry, metricsToken: token = null } = options;
  let models = await startModels(join(folder, 'models'), 0, telemetry);
  await mkdir(join(folder, 'sources'));
  const { log = recordLog().log } = options;
  const settings = parseSettings(studioFragment, {
    DATABASE_URL: postgres.url,
    MONGODB_URL: mongo.url,
    MONGODB_DATABASE: mongo.database,
    TRITON_URL: models.url,
    MODEL_REPOSITORY_FOLDER: join(folder, 'models'),
    OBJECTS_FOLDER: join(folder, 'objects'),
    WORK_FOLDER: join(folder, 'work'),
    SOURCE_FOLDERS: join(folder, 'sources'),
    ...options.variables,
  });
  const studio = await openStudio({ settings, log, telemetry });
  if (telemetry) tellOfStudios(telemetry, [studio]);
  const workers = await startWorkers({
    deps: studio.deps,
    connection: studio.queueConnection,
    roles: ['upsertion', 'inference', 'improvement'],
    sweepIntervalMs: 100,
  });
  const limits = {
    ...{ keys: studio.openRateLimiter('keys'), keyRequestsPerMinute: 100_000 },
    ...{ failures: studio.openRateLimiter('failures'), failuresPerMinute: options.failuresPerMinute ?? 0 },
  };
  const routes: GatewayWorld['routes'] = [];
  const gateway = createGateway({
    onRoute: ({ method, url }) => void routes.push({ method, url }),
    ...{
      projects: new Map([[studio.project, studio.deps]]),
      limits,
      bodyBytesMax,
      jsonDepthMax: 32,
      requestTimeoutMs: 30_000,
      version: '0.0.0',
    },
    ...{ trustedProxies: [], corsOrigins: ['https://shop.example'] },
    ...(telemetry && { metrics: { telemetry, token } }),
  });
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const ctx: Ctx = { actor: { kind: 'system', job: 'test' }, requestId: 'test', deps: studio.deps };
  const makeKey: GatewayWorld['makeKey'] = async (wanted) => {
    const { key, secret } = await createApiKey({ ctx, input: { name: wanted.scopes.join(' '), ...wanted } });
    return { keyId: key.id, secret };
  };
  const secretOf = async (scope: Scope) => (await makeKey({ scopes: [scope] })).secret;
  const keys = {
    search: await secretOf('search'),
    clickstream: await secretOf('clickstream'),
    ingest: await secretOf('ingest'),
    admin: await secretOf('admin'),
  };
  const world: GatewayWorld = {
    ...{ url, studio, ctx, keys, makeKey, routes, sourceFolder: join(folder, 'sources') },
    call: (method, path, options = {}) => callGateway(url, { method, path, ...options }),
    registerModel: async (seed = 5) => {
      const artefact = await writeTinyEncoder(join(folder, `artefact-${seed}`), seed);
      return (await registerBaseModel({ ctx, input: { folder: artefact } })).id;
    },
    makeLive: async (items) => {
      const modelId = await world.registerModel();
      await world.waitForTask((await requestUpsertion({ ctx, input: { items } })).id);
      const { id } = await requestInitialIndex({ ctx, input: { modelId } });
      await waitForState(ctx, id);
      return modelId;
    },
    waitForTask: (taskId) => waitForTask(ctx, taskId),
    stopModelServer: () => models.close(),
    startModelServer: async () => {
      models = await startModels(join(folder, 'models'), Number(new URL(settings.TRITON_URL).port), telemetry);
    },
    stop: async () => {
      await gateway.close();
      await Promise.all([limits.keys.close(), limits.failures.close()]);
      await workers.close(2_000);
      await studio.close();
      await models.close();
      await Promise.all([mongo.stop(), postgres.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

async function callGateway(
  url: string,
  { method, path, key, body, raw }: CallOptions & { method: string; path: string },
): Promise<Answer> {
  const headers: Record<string, string> = { ...raw?.headers };
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  if (body !== undefined || raw !== undefined) headers['content-type'] ??= 'application/json';
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    signal: AbortSignal.timeout(30_000),
    ...((body !== undefined || raw !== undefined) && { body: raw?.text ?? JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

async function waitForTask(ctx: Ctx, taskId: string): Promise<string> {
  for (;;) {
    const { status, error } = await ctx.deps.tasks.getTask(taskId);
    if (status === 'done') return status;
    if (status !== 'pending' && status !== 'processing')
      throw new Error(`task ${taskId} ended ${status}: ${error?.code} ${error?.message}`);
    await sleep(20);
  }
}

async function waitForState(ctx: Ctx, rolloutId: string): Promise<void> {
  for (;;) {
    const { state, transitions } = await ctx.deps.rollouts.getRollout(rolloutId);
    if (state === 'live') return;
    if (state === 'failed' || state === 'rejected') throw new Error(`rollout ${state}: ${transitions.at(-1)?.reason}`);
    await sleep(50);
  }
}

/** The same `/api/v1` paths that applications use. */
export const api = (path: string): string => `/api/v1${path}`;
