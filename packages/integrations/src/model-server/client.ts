import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  isStudioError,
  type ModelManifest,
  type ModelServer,
  noTelemetry,
  type ServedModel,
  StudioError,
  type Telemetry,
} from '@embedding-studio/contracts';
import { requireMemory } from './memory-budget.ts';
import { estimateMemory } from './memory-estimate.ts';
import { installModel, removeModel, textGraph, towerGraph } from './model-repository.ts';
import { type Operation, observeRequest } from './observe-request.ts';
import { retryBulk } from './retry-bulk.ts';
import { parseIndex, parseStatistics } from './server-facts.ts';
import { decodeMessage, encodeMessage, headerLengthHeader, type Tensor } from './tensor-protocol.ts';
import { defaultTritonServing, type ServedGraph, type TritonServing, writeTritonConfig } from './triton-config.ts';

export interface ModelServerClientSettings {
  /** Base URL of a KServe v2 server: the embedded one or Triton. */
  url: string;
  /** The server's model repository, as seen from here. */
  repositoryFolder: string;
  /** For one inference, milliseconds. */
  inferTimeoutMs: number;
  /** For loading a model, milliseconds. */
  loadTimeoutMs: number;
  /** Put before the name of every model, where others use the same server. */
  namePrefix?: string;
  /** Told of every request. */
  telemetry?: Telemetry;
  /** Default: what suits any Triton. */
  serving?: TritonServing;
  /** For all models that the server has loaded, by estimate; default: nothing is estimated. */
  memoryBudgetBytes?: number;
}

export interface InferRequest {
  model: string;
  inputs: Tensor[];
  output: string;
  /** 1 = interactive, 2 = bulk. */
  priority: 1 | 2;
  signal?: AbortSignal;
}

export interface ModelServerClient extends ModelServer {
  infer(request: InferRequest): Promise<Tensor>;
  /** As `installModel`, of a model's `image.onnx`. */
  installImageTower(name: string, onnxPath: string, manifest: ModelManifest): Promise<void>;
}

const unloadPauseMs = 50;

export function createModelServer(settings: ModelServerClientSettings): ModelServerClient {
  const { namePrefix = '', telemetry = noTelemetry } = settings;
  const pathOf = (name: string) => encodeURIComponent(namePrefix + name);
  const send = (operation: Operation, path: string, { timeoutMs, ...init }: RequestInit & { timeoutMs: number }) =>
    observeRequest(telemetry, operation, (headers) =>
      fetchAnswer(`${settings.url}${path}`, { ...init, headers: { ...init.headers, ...headers } }, timeoutMs),
    );
  const isOk = (path: string) =>
    send('probe', path, { method: 'GET', timeoutMs: 5_000 }).then(
      () => true,
      () => false,
    );
  const loading = { ...jsonPost({}), timeoutMs: settings.loadTimeoutMs };
  const readIndex = async () =>
    parseIndex(await (await send('index', '/v2/repository/index', { ...jsonPost({}), timeoutMs: 5_000 })).json());
  return {
    isReady: () => isOk('/v2/health/ready'),
    isModelReady: (name) => isOk(`/v2/models/${pathOf(name)}/ready`),
    loadModel: async (name) => {
      const { repositoryFolder, memoryBudgetBytes: budgetBytes } = settings;
      if (budgetBytes !== undefined)
        await requireMemory({ repositoryFolder, budgetBytes }, { name: namePrefix + name, served: await readIndex() });
      await send('load', `/v2/repository/models/${pathOf(name)}/load`, loading);
    },
    unloadModel: async (name) => {
      await send('unload', `/v2/repository/models/${pathOf(name)}/unload`, loading);
      await awaitUnloaded(readIndex, { name: namePrefix + name, timeoutMs: settings.loadTimeoutMs });
    },
    installModel: (name, onnxPath, manifest) =>
      install(settings, namePrefix + name, { onnxPath, manifest, graph: textGraph(manifest) }),
    installImageTower: (name, onnxPath, manifest) =>
      install(settings, namePrefix + name, { onnxPath, manifest, graph: towerGraph(manifest) }),
    removeModel: (name) => removeModel(settings.repositoryFolder, namePrefix + name),
    infer: (request) =>
      retryBulk(request, () =>
        observeRequest(telemetry, 'infer', (headers) =>
          infer(settings, { ...request, model: namePrefix + request.model }, headers),
        ),
      ),
    listServedModels: async () => {
      const all = await readIndex();
      const own = all.filter(({ name }) => name.startsWith(namePrefix));
      return own.map((model) => ({ ...model, name: model.name.slice(namePrefix.length) }));
    },
    findModelLatency: async (name) => {
      const path = `/v2/models/${pathOf(name)}/stats`;
      const answer = await send('stats', path, { method: 'GET', timeoutMs: 5_000 }).catch((error: unknown) => {
        if (isStudioError(error) && error.code !== 'MODEL_SERVER_UNAVAILABLE') return null;
        throw error;
      });
      return answer === null ? null : parseStatistics(await answer.json());
    },
  };
}

/** Triton answers at once and goes on with what was asked before: until that is done the model's files are in use. */
async function awaitUnloaded(
  readIndex: () => Promise<ServedModel[]>,
  { name, timeoutMs }: { name: string; timeoutMs: number },
): Promise<void> {
  for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(unloadPauseMs)) {
    const found = (await readIndex()).find((model) => model.name === name);
    if (found === undefined || !['READY', 'UNLOADING'].includes(found.state)) return;
  }
  throw new StudioError('MODEL_SERVER_UNAVAILABLE', `${name} did not unload within ${timeoutMs} ms.`);
}

async function install(
  { repositoryFolder, serving = defaultTritonServing }: ModelServerClientSettings,
  name: string,
  { onnxPath, manifest, graph }: { onnxPath: string; manifest: ModelManifest; graph: ServedGraph },
): Promise<void> {
  const { size: fileBytes } = await stat(onnxPath);
  const memoryBytes = estimateMemory({ fileBytes, manifest, serving });
  const config = writeTritonConfig({ name, graph, serving, memoryBytes });
  await installModel(repositoryFolder, name, { onnxPath, config });
}

function jsonPost(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function infer(
  settings: ModelServerClientSettings,
  request: InferRequest,
  headers: Record<string, string>,
): Promise<Tensor> {
  const outputs = [{ name: request.output, parameters: { binary_data: true } }];
  // Nobody waits for an answer that comes later.
  const parameters = { priority: request.priority, timeout: settings.inferTimeoutMs * 1_000 };
  const message = encodeMessage({ parameters, outputs }, 'inputs', request.inputs);
  const init: RequestInit = {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      [headerLengthHeader]: String(message.headerBytes),
      ...headers,
    },
    body: new Uint8Array(message.body),
    ...(request.signal && { signal: request.signal }),
  };
  const response = await fetchAnswer(
    `${settings.url}/v2/models/${encodeURIComponent(request.model)}/infer`,
    init,
    settings.inferTimeoutMs,
  );
  return readTensor(response, request);
}

/** What cannot be read of an answer is no fault of who asked. */
async function readTensor(response: Response, { output, signal }: InferRequest): Promise<Tensor> {
  const body = await response.arrayBuffer().catch((cause: unknown) => {
    if (signal?.aborted) throw new StudioError('ABORTED', 'The caller gave up.', { cause });
    throw new StudioError('MODEL_SERVER_UNAVAILABLE', 'The answer of the model server broke off.', { cause });
  });
  const headerBytes = Number(response.headers.get(headerLengthHeader) ?? body.byteLength);
  const tensor = decodeAnswer(Buffer.from(body), headerBytes).find(({ name }) => name === output);
  if (!tensor) throw new StudioError('MODEL_INVALID', `The model server's answer has no output "${output}".`);
  return tensor;
}

function decodeAnswer(body: Buffer, headerBytes: number): Tensor[] {
  try {
    return decodeMessage(body, headerBytes, 'outputs').tensors;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('MODEL_INVALID', `The model server's answer cannot be read: ${why}`, { cause });
  }
}

async function fetchAnswer(url: string, init: RequestInit, timeoutMs: number): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  const response = await fetch(url, { ...init, signal }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw new StudioError('ABORTED', 'The caller gave up.', { cause });
    const why = timeout.aborted ? `did not answer within ${timeoutMs} ms` : 'cannot be reached';
    throw new StudioError('MODEL_SERVER_UNAVAILABLE', `The model server ${why}.`, { cause });
  });
  if (response.ok) return response;
  const text = await response.text().catch(() => '');
  const detail = `The model server answered ${response.status}: ${text.slice(0, 500)}`;
  // Triton answers 400 for a model that is not loaded, and 500 for one that it does not have; the embedded server 404.
  const isUnknown = /not (loaded|found|ready)|unknown model|failed to poll from model repository/i.test(text);
  if (response.status === 404 || (isUnknown && response.status <= 500))
    throw new StudioError('MODEL_NOT_FOUND', detail);
  if (response.status < 500) throw new StudioError('MODEL_INVALID', detail);
  throw new StudioError('MODEL_SERVER_UNAVAILABLE', detail);
}
