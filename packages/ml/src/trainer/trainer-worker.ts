import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { toStudioError, type ValidationPoint } from '@embedding-studio/contracts';
import { checkModel } from './check-model.ts';
import { encodeTexts } from './encode-texts.ts';
import { quantizeFolder } from './quantize-folder.ts';
import { runTraining } from './run-training.ts';
import { timeQueries } from './time-queries.ts';
import type { WorkerFailure, WorkerJob, WorkerMessage, WorkerResult, WorkerStart } from './worker-messages.ts';

const { job, abort } = workerData.settings as WorkerStart;
const abortCell = new Int32Array(abort);

function send(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

const host = {
  now: () => performance.now(),
  isAborted: () => Atomics.load(abortCell, 0) !== 0,
  warn: (fields: Record<string, unknown>, message: string) => send({ kind: 'warning', fields, message }),
};

async function runJob(wanted: WorkerJob): Promise<WorkerResult> {
  if (wanted.kind === 'train') {
    const onProgress = (progress: Extract<WorkerMessage, { kind: 'training-progress' }>['progress']) =>
      send({ kind: 'training-progress', progress });
    const onValidation = (point: ValidationPoint) => send({ kind: 'training-validation', point });
    return { kind: 'train', report: await runTraining(wanted.job, { ...host, onProgress, onValidation }) };
  }
  if (wanted.kind === 'encode') {
    const onProgress = (done: number, total: number) => send({ kind: 'encoding-progress', done, total });
    return { kind: 'encode', ...(await encodeTexts(wanted.job, { ...host, onProgress })) };
  }
  if (wanted.kind === 'time') return { kind: 'time', times: await timeQueries(wanted.job, host) };
  if (wanted.kind === 'quantize') {
    quantizeFolder(wanted.modelFolder, wanted.outputFolder);
    return { kind: 'quantize' };
  }
  return { kind: 'check', check: await checkModel(wanted.modelFolder, host) };
}

function describeFailure(error: unknown): WorkerFailure {
  const { code, message, publicMessage, field } = toStudioError(error);
  return { code, message, publicMessage, field };
}

try {
  const result = await runJob(job);
  send({ kind: 'done', result }, result.kind === 'encode' ? [result.vectors.buffer as ArrayBuffer] : []);
} catch (error) {
  send({ kind: 'failed', failure: describeFailure(error) });
}
