import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import {
  type AdapterTrainer,
  type LinearAdapter,
  StudioError,
  type TrainAdapterRequest,
} from '@embedding-studio/contracts';
import { startThread } from '../thread/index.ts';
import { writeModelFiles } from '../trainer/export-weights.ts';
import { loadModelFolder } from '../trainer/model-folder.ts';
import type { AdapterMessage, AdapterStart } from './adapter-messages.ts';
import { appendAdapter } from './append-adapter.ts';

type Trained = Awaited<ReturnType<AdapterTrainer['trainAdapter']>>;

/** An aborted thread ends after its step; one that does not is stopped by force. */
const abortGraceMs = 10_000;

/** Trains adapters by TensorFlow.js, each in a thread of its own. */
export function createAdapterTrainer(): AdapterTrainer {
  return {
    trainAdapter: runInThread,
    attachAdapter: async ({ modelFolder, outputFolder, adapter, side }) => {
      const model = loadModelFolder(modelFolder);
      await mkdir(outputFolder, { recursive: true });
      writeModelFiles(outputFolder, model, appendAdapter(model.onnx, { adapter, output: model.manifest.output }));
      if (side === 'both') await moveImages(join(modelFolder, 'image.onnx'), outputFolder, adapter);
    },
  };
}

/** Pictures lie in the space of the texts: what moves one moves the other. */
async function moveImages(tower: string, outputFolder: string, adapter: LinearAdapter): Promise<void> {
  const file = await readFile(tower).catch(() => null);
  if (file !== null)
    await writeFile(join(outputFolder, 'image.onnx'), appendAdapter(file, { adapter, output: 'image_embedding' }));
}

async function runInThread(request: TrainAdapterRequest): Promise<Trained> {
  const { signal, set, settings } = request;
  if (signal.aborted) throw aborted();
  const abort = new SharedArrayBuffer(4);
  const start: AdapterStart = { job: { set, settings }, abort };
  const buffers = new Set([set.queries, set.items].map(({ buffer }) => buffer as ArrayBuffer));
  const worker = startThread(new URL('./adapter-worker.ts', import.meta.url), start, [...buffers]);
  let timer: NodeJS.Timeout | undefined;
  const requestAbort = () => {
    Atomics.store(new Int32Array(abort), 0, 1);
    timer = setTimeout(() => void worker.terminate(), abortGraceMs);
  };
  signal.addEventListener('abort', requestAbort, { once: true });
  try {
    return await waitForResult(worker, request);
  } finally {
    signal.removeEventListener('abort', requestAbort);
    clearTimeout(timer);
    await worker.terminate();
  }
}

const aborted = (): StudioError => new StudioError('ABORTED', 'The job was aborted');

function waitForResult(
  worker: Worker,
  { signal, onProgress, onValidation }: Pick<TrainAdapterRequest, 'signal' | 'onProgress' | 'onValidation'>,
): Promise<Trained> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: AdapterMessage) => {
      if (message.kind === 'progress') return onProgress(message.progress);
      if (message.kind === 'validation') return onValidation?.(message.point);
      if (message.kind === 'done') return resolve({ adapter: message.adapter, report: message.report });
      const { code, message: text, ...options } = message.failure;
      return reject(new StudioError(code, text, options));
    });
    worker.on('error', (cause) =>
      reject(new StudioError('INTERNAL', `The adapter's thread failed: ${String(cause)}`, { cause })),
    );
    worker.on('exit', (code) =>
      reject(
        signal.aborted ? aborted() : new StudioError('INTERNAL', `The adapter's thread ended early with code ${code}`),
      ),
    );
  });
}
