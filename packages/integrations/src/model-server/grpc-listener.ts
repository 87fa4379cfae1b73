import { httpStatusOf, type StudioError, type Telemetry, toStudioError } from '@embedding-studio/contracts';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { type InferMessage, type InferParameter, loadService, type MethodName } from './grpc-protocol.ts';
import type { ModelPool } from './model-pool.ts';
import { checkModelName } from './model-repository.ts';
import { runInference } from './run-inference.ts';
import { serverDescription } from './server-facts.ts';
import { bytesOf, readTensor } from './tensor-protocol.ts';

export interface GrpcListenerSettings {
  host: string;
  /** 0 picks a free one. */
  port: number;
  messageBytesMax: number;
  telemetry?: Telemetry;
}

/** What a caller sent; absent fields have their type's zero. */
interface Asked {
  name: string;
  model_name: string;
  ready: boolean;
}
type Answer = (message: Asked & InferMessage, call: ServerUnaryCall<object, object>) => object | Promise<object>;

/** The embedded model server over gRPC, beside HTTP and on the same models. */
export async function startGrpcListener(
  pool: ModelPool,
  { host, port, messageBytesMax, telemetry }: GrpcListenerSettings,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = new Server({
    'grpc.max_receive_message_length': messageBytesMax,
    'grpc.max_send_message_length': messageBytesMax,
  });
  const answers = { ...healthAnswers(pool), ...controlAnswers(pool), ModelInfer: inferAnswer(pool, telemetry) };
  server.addService(
    loadService(),
    Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, handlerOf(answer)])),
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  const close = async () => server.forceShutdown();
  return { url: `grpc://${host}:${bound}`, close };
}

function healthAnswers(pool: ModelPool) {
  return {
    ServerLive: () => ({ live: true }),
    ServerReady: () => ({ ready: true }),
    ServerMetadata: () => serverDescription,
    ModelReady: ({ name }) => ({ ready: pool.isLoaded(name) }),
    ModelMetadata: ({ name }) => {
      const { facts } = pool.find(name);
      const tensors = (names: readonly string[]) => names.map((tensor) => ({ name: tensor }));
      const [inputs, outputs] = [tensors(facts.inputs), tensors(facts.outputs)];
      return { name, versions: ['1'], platform: 'onnxruntime_onnx', inputs, outputs };
    },
    ModelStatistics: ({ name }) => ({ model_stats: [pool.find(name).statistics.describe(name)] }),
  } satisfies Partial<Record<MethodName, Answer>>;
}

function controlAnswers(pool: ModelPool) {
  return {
    RepositoryIndex: async ({ ready }) => {
      const models = await pool.index();
      return { models: ready ? models.filter(({ state }) => state === 'READY') : models };
    },
    RepositoryModelLoad: async ({ model_name }) => {
      await pool.load(checkModelName(model_name));
      return {};
    },
    RepositoryModelUnload: async ({ model_name }) => {
      await pool.unload(model_name);
      return {};
    },
  } satisfies Partial<Record<MethodName, Answer>>;
}

function inferAnswer(pool: ModelPool, telemetry: Telemetry | undefined): Answer {
  return async (message, call) => {
    const { model_name, id, inputs, outputs, parameters, raw_input_contents: raw } = message;
    // Unknown models first: their inputs say nothing.
    pool.find(model_name);
    const tensors = inputs.map((input, at) => readTensor(input, raw[at] ?? Buffer.alloc(0), `inputs.${at}`));
    const [traceparent] = call.metadata.get('traceparent');
    const wanted = outputs.length === 0 ? null : outputs.map(({ name }) => name);
    const found = await runInference(
      pool,
      {
        ...{ model: model_name, inputs: tensors, outputs: wanted },
        ...{ priority: numberOf(parameters.priority), timeout: numberOf(parameters.timeout) },
        traceparent: typeof traceparent === 'string' ? traceparent : null,
      },
      telemetry,
    );
    const described = found.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
    return { model_name, model_version: '1', id, outputs: described, raw_output_contents: found.map(bytesOf) };
  };
}

const numberOf = (parameter: InferParameter | undefined) => parameter?.int64_param ?? parameter?.uint64_param;

function handlerOf(answer: Answer) {
  return async (call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>): Promise<void> => {
    try {
      reply(null, await answer(call.request as Asked & InferMessage, call));
    } catch (error) {
      const known = toStudioError(error);
      reply({ code: statusOf(known), details: known.publicMessage });
    }
  };
}

function statusOf({ code }: StudioError): status {
  const http = httpStatusOf[code];
  if (http === 404) return status.NOT_FOUND;
  if (http < 500) return status.INVALID_ARGUMENT;
  return http === 503 ? status.UNAVAILABLE : status.INTERNAL;
}
