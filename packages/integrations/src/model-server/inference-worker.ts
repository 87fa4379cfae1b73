import { parentPort, workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import type { Tensor } from './tensor-protocol.ts';

/** One thread, one model: `session.run` blocks its thread, and ending the thread gives all memory back. */
export interface InferenceWorkerData {
  modelPath: string;
  threads: number;
  executionProviders: string[];
}

export interface InferenceJob {
  id: number;
  inputs: Tensor[];
}

export type InferenceReply =
  | { kind: 'ready'; inputs: string[]; outputs: string[]; executionProvider: string }
  | { kind: 'failed'; message: string }
  | { kind: 'done'; id: number; outputs: Tensor[] }
  | { kind: 'error'; id: number; message: string };

const ortTypes = { INT64: 'int64', INT32: 'int32', FP32: 'float32' } as const;
const datatypes: Record<string, Tensor['datatype']> = { int64: 'INT64', int32: 'INT32', float32: 'FP32' };

async function openSession(
  settings: InferenceWorkerData,
): Promise<{ session: ort.InferenceSession; executionProvider: string }> {
  let lastError: unknown;
  for (const executionProvider of settings.executionProviders) {
    try {
      const session = await ort.InferenceSession.create(settings.modelPath, {
        executionProviders: [executionProvider],
        intraOpNumThreads: settings.threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        // Spinning threads starve everything else on a small machine.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
      return { session, executionProvider };
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

async function runJob(session: ort.InferenceSession, job: InferenceJob): Promise<Tensor[]> {
  const feeds: Record<string, ort.Tensor> = {};
  for (const { name, datatype, shape, values } of job.inputs) {
    feeds[name] = new ort.Tensor(ortTypes[datatype], values as BigInt64Array, shape);
  }
  const results = await session.run(feeds);
  return session.outputNames.map((name) => {
    const result = results[name];
    const datatype = result && datatypes[result.type];
    if (!result || !datatype) throw new TypeError(`Output ${name} has a type that cannot be sent: ${result?.type}.`);
    return { name, datatype, shape: [...result.dims], values: result.data as Float32Array };
  });
}

async function main(): Promise<void> {
  const port = parentPort;
  if (!port) return;
  const reply = (message: InferenceReply) => port.postMessage(message);
  try {
    const { session, executionProvider } = await openSession(workerData.settings as InferenceWorkerData);
    port.on('message', async (job: InferenceJob) => {
      try {
        reply({ kind: 'done', id: job.id, outputs: await runJob(session, job) });
      } catch (error) {
        reply({ kind: 'error', id: job.id, message: error instanceof Error ? error.message : String(error) });
      }
    });
    reply({ kind: 'ready', inputs: [...session.inputNames], outputs: [...session.outputNames], executionProvider });
  } catch (error) {
    reply({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

await main();
