import { StudioError } from '@embedding-studio/contracts';
import { readRefusal } from './read-refusal.ts';
import { parseDescription, parseIndex, parseStatistics } from './server-facts.ts';
import { decodeMessage, encodeMessage, headerLengthHeader, type Tensor } from './tensor-protocol.ts';
import type { Call, InferRequest, ModelServerTransport } from './transport.ts';

/** KServe v2 over HTTP with binary tensors. */
export function createHttpTransport(url: string): ModelServerTransport {
  const get = (path: string, call: Call) => fetchAnswer(`${url}${path}`, { method: 'GET' }, call);
  const post = (path: string, call: Call) =>
    fetchAnswer(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }, call);
  const modelPath = (name: string) => `/v2/models/${encodeURIComponent(name)}`;
  const controlPath = (name: string) => `/v2/repository/models/${encodeURIComponent(name)}`;
  return {
    describeServer: async (call) => parseDescription(await readJson(await get('/v2', call))),
    probeServer: async (call) => void (await get('/v2/health/ready', call)),
    probeModel: async (name, call) => void (await get(`${modelPath(name)}/ready`, call)),
    readIndex: async (call) => parseIndex(await readJson(await post('/v2/repository/index', call))),
    loadModel: async (name, call) => void (await post(`${controlPath(name)}/load`, call)),
    unloadModel: async (name, call) => void (await post(`${controlPath(name)}/unload`, call)),
    readLatency: async (name, call) => parseStatistics(await readJson(await get(`${modelPath(name)}/stats`, call))),
    infer: (request, call) => infer(`${url}${modelPath(request.model)}/infer`, request, call),
    close: async () => undefined,
  };
}

/** What is no JSON is told by who looks for its fields. */
function readJson(answer: Response): Promise<unknown> {
  return answer.json().catch(() => undefined);
}

async function infer(url: string, request: InferRequest, call: Call): Promise<Tensor> {
  const outputs = [{ name: request.output, parameters: { binary_data: true } }];
  // Nobody waits for an answer that comes later.
  const parameters = { priority: request.priority, timeout: call.timeoutMs * 1_000 };
  const message = encodeMessage({ parameters, outputs }, 'inputs', request.inputs);
  const init: RequestInit = {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      [headerLengthHeader]: String(message.headerBytes),
    },
    body: new Uint8Array(message.body),
    ...(request.signal && { signal: request.signal }),
  };
  return readTensor(await fetchAnswer(url, init, call), request);
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

async function fetchAnswer(url: string, init: RequestInit, { headers, timeoutMs }: Call): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  const whole = { ...init, headers: { ...init.headers, ...headers }, signal };
  const response = await fetch(url, whole).catch((cause: unknown) => {
    if (init.signal?.aborted) throw new StudioError('ABORTED', 'The caller gave up.', { cause });
    const why = timeout.aborted ? `did not answer within ${timeoutMs} ms` : 'cannot be reached';
    throw new StudioError('MODEL_SERVER_UNAVAILABLE', `The model server ${why}.`, { cause });
  });
  if (response.ok) return response;
  throw readRefusal(response.status, await response.text().catch(() => ''));
}
