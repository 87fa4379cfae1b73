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
import { createHttpTransport } from './http-transport.ts';
import { requireMemory } from './memory-budget.ts';
import { estimateMemory } from './memory-estimate.ts';
import { installModel, removeModel, textGraph, towerGraph } from './model-repository.ts';
import { type Operation, observeRequest } from './observe-request.ts';
import { openGrpcTransport } from './open-grpc-transport.ts';
import { retryBulk } from './retry-bulk.ts';
import type { Tensor } from './tensor-protocol.ts';
import type { Call, InferRequest, ServerDescription } from './transport.ts';
import { defaultTritonServing, type ServedGraph, type TritonServing, writeTritonConfig } from './triton-config.ts';

export interface ModelServerClientSettings {
  /** Of a KServe v2 server, the embedded one or Triton: `http(s)://host:port`, or `grpc(s)://host:port` for gRPC. */
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

export interface ModelServerClient extends ModelServer {
  infer(request: InferRequest): Promise<Tensor>;
  /** As `installModel`, of a model's `image.onnx`. */
  installImageTower(name: string, onnxPath: string, manifest: ModelManifest): Promise<void>;
  describeServer(): Promise<ServerDescription>;
  /** Ends its connections. */
  close(): Promise<void>;
}

const unloadPauseMs = 50;
const askTimeoutMs = 5_000;

export function createModelServer(settings: ModelServerClientSettings): ModelServerClient {
  const { namePrefix = '', telemetry = noTelemetry, url } = settings;
  const transport = /^grpcs?:/.test(url) ? openGrpcTransport(url) : createHttpTransport(url);
  const observe = <T>(operation: Operation, timeoutMs: number, ask: (call: Call) => Promise<T>): Promise<T> =>
    observeRequest(telemetry, operation, (headers) => ask({ headers, timeoutMs }));
  const isOk = (probe: (call: Call) => Promise<void>) =>
    observe('probe', askTimeoutMs, probe).then(
      () => true,
      () => false,
    );
  const readIndex = () => observe('index', askTimeoutMs, transport.readIndex);
  return {
    isReady: () => isOk(transport.probeServer),
    isModelReady: (name) => isOk((call) => transport.probeModel(namePrefix + name, call)),
    describeServer: () => observe('probe', askTimeoutMs, transport.describeServer),
    loadModel: async (name) => {
      const { repositoryFolder, memoryBudgetBytes: budgetBytes } = settings;
      if (budgetBytes !== undefined)
        await requireMemory({ repositoryFolder, budgetBytes }, { name: namePrefix + name, served: await readIndex() });
      await observe('load', settings.loadTimeoutMs, (call) => transport.loadModel(namePrefix + name, call));
    },
    unloadModel: async (name) => {
      await observe('unload', settings.loadTimeoutMs, (call) => transport.unloadModel(namePrefix + name, call));
      await awaitUnloaded(readIndex, { name: namePrefix + name, timeoutMs: settings.loadTimeoutMs });
    },
    installModel: (name, onnxPath, manifest) =>
      install(settings, namePrefix + name, { onnxPath, manifest, graph: textGraph(manifest) }),
    installImageTower: (name, onnxPath, manifest) =>
      install(settings, namePrefix + name, { onnxPath, manifest, graph: towerGraph(manifest) }),
    removeModel: (name) => removeModel(settings.repositoryFolder, namePrefix + name),
    infer: (request) => {
      const own = { ...request, model: namePrefix + request.model };
      return retryBulk(request, () => observe('infer', settings.inferTimeoutMs, (call) => transport.infer(own, call)));
    },
    listServedModels: async () => {
      const own = (await readIndex()).filter(({ name }) => name.startsWith(namePrefix));
      return own.map((model) => ({ ...model, name: model.name.slice(namePrefix.length) }));
    },
    findModelLatency: (name) =>
      observe('stats', askTimeoutMs, (call) => transport.readLatency(namePrefix + name, call)).catch(
        (error: unknown) => {
          if (isStudioError(error) && error.code !== 'MODEL_SERVER_UNAVAILABLE') return null;
          throw error;
        },
      ),
    close: () => transport.close(),
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
