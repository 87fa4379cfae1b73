import { isStudioError, noTelemetry, type Telemetry } from '@embedding-studio/contracts';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { afterEach, expect, it } from 'vitest';
import { type InferMessage, loadService } from '../../src/model-server/grpc-protocol.ts';
import { createModelServer, type ModelServerClient, type Tensor } from '../../src/model-server/index.ts';
import { bytesOf } from '../../src/model-server/tensor-protocol.ts';

type Infer = (message: InferMessage, call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>) => void;

const vector: Tensor = { name: 'out', datatype: 'FP32', shape: [1, 2], values: new Float32Array([1, 2]) };
const answer = {
  outputs: [{ name: 'out', datatype: 'FP32', shape: [1, 2] }],
  raw_output_contents: [bytesOf(vector)],
};
const codeOf = (error: unknown) => (isStudioError(error) ? error.code : String(error));
const ask = (priority: 1 | 2) => ({ model: 'm', inputs: [], output: 'out', priority });
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function startServer(infer: Infer, port = 0): Promise<{ port: number; stop(): void }> {
  const server = new Server();
  server.addService(loadService(), {
    ModelInfer: (call: ServerUnaryCall<InferMessage, object>, reply: sendUnaryData<object>) =>
      infer(call.request, call, reply),
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  const stop = () => server.forceShutdown();
  closing.push(stop);
  return { port: bound, stop };
}

function connect(port: number, more: { inferTimeoutMs?: number; telemetry?: Telemetry } = {}): ModelServerClient {
  const limits = { inferTimeoutMs: 5_000, loadTimeoutMs: 5_000 };
  const client = createModelServer({ url: `grpc://127.0.0.1:${port}`, repositoryFolder: '/none', ...limits, ...more });
  closing.push(() => client.close());
  return client;
}

it('asks again for bulk work while the server is away or its queue is full, and once for a query', async () => {
  let asked = 0;
  const { port } = await startServer((_message, _call, reply) =>
    ++asked % 3 === 0
      ? reply(null, answer)
      : reply({ code: status.UNAVAILABLE, details: 'Exceeds maximum queue size' }),
  );
  const client = connect(port);
  expect([...(await client.infer(ask(2))).values]).toEqual([1, 2]);
  expect(asked).toBe(3);
  expect(await client.infer(ask(1)).catch(codeOf)).toBe('MODEL_SERVER_UNAVAILABLE');
  expect(asked).toBe(4);
});

it('sends the values as they are, the patience, the priority and the context of the trace', async () => {
  const seen: { message: InferMessage; traceparent: unknown }[] = [];
  const { port } = await startServer((message, call, reply) => {
    seen.push({ message, traceparent: call.metadata.get('traceparent')[0] });
    reply(null, answer);
  });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const client = connect(port, { telemetry: { ...noTelemetry, traceparent: () => traceparent } });
  const values = BigInt64Array.from([1n, -1n]);
  await client.infer({ ...ask(2), inputs: [{ name: 'input_ids', datatype: 'INT64', shape: [1, 2], values }] });
  const [{ message, traceparent: carried } = { message: undefined, traceparent: undefined }] = seen;
  expect(carried).toBe(traceparent);
  expect(message).toMatchObject({
    ...{ model_name: 'm', outputs: [{ name: 'out' }], inputs: [{ name: 'input_ids', shape: [1, 2] }] },
    parameters: { priority: { int64_param: 2 }, timeout: { int64_param: 5_000_000 } },
  });
  expect(message?.raw_input_contents[0]?.toString('hex')).toBe(`01${'00'.repeat(7)}${'ff'.repeat(8)}`);
});

it('waits no longer than it may', async () => {
  const { port } = await startServer(() => undefined);
  const silent = connect(port, { inferTimeoutMs: 100 }).infer(ask(1));
  await expect(silent).rejects.toMatchObject({ code: 'MODEL_SERVER_UNAVAILABLE', message: /100 ms/ });
});

it('stops when the caller gives up, and the server is told', async () => {
  const control = new AbortController();
  let tell: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const { port } = await startServer((_message, call) => {
    call.on('cancelled', tell);
    control.abort();
  });
  const asked = connect(port).infer({ ...ask(2), signal: control.signal });
  expect(await asked.catch(codeOf)).toBe('ABORTED');
  await told;
});

it('finds a server again that was away', async () => {
  const first = await startServer((_message, _call, reply) => reply(null, answer));
  const client = connect(first.port);
  await client.infer(ask(1));
  first.stop();
  expect(await client.infer(ask(1)).catch(codeOf)).toBe('MODEL_SERVER_UNAVAILABLE');
  expect(await client.isReady()).toBe(false);
  await startServer((_message, _call, reply) => reply(null, answer), first.port);
  await expect.poll(() => client.infer(ask(1)).then(({ shape }) => shape, codeOf), { timeout: 5_000 }).toEqual([1, 2]);
});

it('fails as over HTTP: what is refused, what is unknown, what cannot be read', async () => {
  const replies: ((reply: sendUnaryData<object>) => void)[] = [
    (reply) => reply({ code: status.INVALID_ARGUMENT, details: 'unexpected shape for input' }),
    (reply) => reply({ code: status.UNAVAILABLE, details: "Request for unknown model: 'm' is not found" }),
    (reply) => reply({ code: status.INTERNAL, details: 'onnxruntime' }),
    (reply) => reply(null, { ...answer, raw_output_contents: [] }),
    (reply) => reply(null, { ...answer, raw_output_contents: [Buffer.alloc(3)] }),
  ];
  const { port } = await startServer((_message, _call, reply) => replies.shift()?.(reply));
  const client = connect(port);
  const codes: unknown[] = [];
  while (replies.length > 0) codes.push(await client.infer(ask(1)).catch(codeOf));
  expect(codes).toEqual([
    ...['MODEL_INVALID', 'MODEL_NOT_FOUND', 'MODEL_SERVER_UNAVAILABLE', 'MODEL_INVALID', 'MODEL_INVALID'],
  ]);
});

it('refuses to send more than a message may take, as a fault of what was asked', async () => {
  const { port } = await startServer((_message, _call, reply) => reply(null, answer));
  const values = new Float32Array(17 * 2 ** 20);
  const inputs: Tensor[] = [{ name: 'pixels', datatype: 'FP32', shape: [1, values.length], values }];
  expect(
    await connect(port)
      .infer({ ...ask(1), inputs })
      .catch(codeOf),
  ).toBe('MODEL_INVALID');
});
