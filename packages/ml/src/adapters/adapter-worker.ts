import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { toStudioError } from '@embedding-studio/contracts';
import type { AdapterMessage, AdapterStart } from './adapter-messages.ts';
import { trainAdapter } from './train-adapter.ts';

const { job, abort } = workerData.settings as AdapterStart;
const abortCell = new Int32Array(abort);

const send = (message: AdapterMessage): void => parentPort?.postMessage(message);

try {
  const trained = await trainAdapter(job, {
    now: () => performance.now(),
    isAborted: () => Atomics.load(abortCell, 0) !== 0,
    onProgress: (progress) => send({ kind: 'progress', progress }),
    onValidation: (point) => send({ kind: 'validation', point }),
  });
  send({ kind: 'done', ...trained });
} catch (error) {
  const { code, message, publicMessage, field } = toStudioError(error);
  send({ kind: 'failed', failure: { code, message, publicMessage, field } });
}
