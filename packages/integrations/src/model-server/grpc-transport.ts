import { StudioError } from '@embedding-studio/contracts';
import { type AskServer, openGrpcChannel } from './grpc-channel.ts';
import type { InferAnswer, InferMessage } from './grpc-protocol.ts';
import { parseDescription, parseIndex, parseStatistics } from './server-facts.ts';
import { bytesOf, readTensor, type Tensor } from './tensor-protocol.ts';
import type { Call, InferRequest, ModelServerTransport } from './transport.ts';

/** Inference and control have a connection each: a load is silent for minutes, and is not to be pinged. */
const pingMs = { asking: 30_000, control: 310_000 } as const;

/** KServe v2 over gRPC with raw tensors, at `grpc(s)://host:port`. */
export function createGrpcTransport(url: string): ModelServerTransport {
  const asking = openGrpcChannel(url, pingMs.asking);
  const control = openGrpcChannel(url, pingMs.control);
  const { ask } = asking;
  return {
    describeServer: async (call) => parseDescription(await ask('ServerMetadata', {}, call)),
    probeServer: async (call) => requireReady(await ask('ServerReady', {}, call), 'The model server'),
    probeModel: async (name, call) => requireReady(await ask('ModelReady', { name }, call), `Model "${name}"`),
    readIndex: async (call) => {
      const answer = await ask('RepositoryIndex', {}, call);
      return parseIndex('models' in answer ? answer.models : undefined);
    },
    loadModel: async (model_name, call) => void (await control.ask('RepositoryModelLoad', { model_name }, call)),
    unloadModel: async (model_name, call) => void (await control.ask('RepositoryModelUnload', { model_name }, call)),
    readLatency: async (name, call) => parseStatistics(await ask('ModelStatistics', { name }, call)),
    infer: (request, call) => infer(ask, request, call),
    close: async () => {
      asking.close();
      control.close();
    },
  };
}

function requireReady(answer: object, what: string): void {
  if (!('ready' in answer) || answer.ready !== true) throw new StudioError('MODEL_NOT_FOUND', `${what} is not ready.`);
}

async function infer(ask: AskServer, request: InferRequest, call: Call): Promise<Tensor> {
  const { model, inputs, output, priority, signal } = request;
  const message: InferMessage = {
    ...{ model_name: model, id: '', outputs: [{ name: output }] },
    // Nobody waits for an answer that comes later.
    parameters: { priority: { int64_param: priority }, timeout: { int64_param: call.timeoutMs * 1_000 } },
    inputs: inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    raw_input_contents: inputs.map(bytesOf),
  };
  const answer = await ask('ModelInfer', message, { ...call, signal });
  return readAnswer(answer as InferAnswer, output);
}

/** Tensors lie beside their descriptions, in order. */
function readAnswer({ outputs, raw_output_contents: raw }: InferAnswer, output: string): Tensor {
  const at = outputs.findIndex(({ name }) => name === output);
  const [described, bytes] = [outputs[at], raw[at]];
  if (described === undefined || bytes === undefined)
    throw new StudioError('MODEL_INVALID', `The model server's answer has no output "${output}".`);
  try {
    return readTensor(described, bytes, 'outputs');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('MODEL_INVALID', `The model server's answer cannot be read: ${why}`, { cause });
  }
}
