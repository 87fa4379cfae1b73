import type { Worker } from 'node:worker_threads';
import { StudioError } from '@embedding-studio/contracts';
import { startThread } from '../thread/index.ts';
import type { WorkerJob, WorkerMessage, WorkerResult, WorkerStart } from './worker-messages.ts';

export interface WorkerRun {
  job: WorkerJob;
  signal: AbortSignal;
  /** A worker that has not ended this long after an abort is stopped by force, milliseconds. */
  graceMs: number;
  onMessage(message: WorkerMessage): void;
}

/**
 * Runs one job in a thread of its own, so that the caller's event loop stays free.
 * @throws StudioError as the job threw it; ABORTED when the signal fired; INTERNAL when the thread died.
 */
export async function runInWorker({ job, signal, graceMs, onMessage }: WorkerRun): Promise<WorkerResult> {
  if (signal.aborted) throw aborted();
  const abort = new SharedArrayBuffer(4);
  const start: WorkerStart = { job, abort };
  const worker = startThread(new URL('./trainer-worker.ts', import.meta.url), start);
  let timer: NodeJS.Timeout | undefined;
  const requestAbort = () => {
    Atomics.store(new Int32Array(abort), 0, 1);
    timer = setTimeout(() => void worker.terminate(), graceMs);
  };
  signal.addEventListener('abort', requestAbort, { once: true });
  try {
    return await waitForResult(worker, { onMessage, signal });
  } finally {
    signal.removeEventListener('abort', requestAbort);
    clearTimeout(timer);
    await worker.terminate();
  }
}

const aborted = (): StudioError => new StudioError('ABORTED', 'The job was aborted');

function waitForResult(
  worker: Worker,
  { onMessage, signal }: Pick<WorkerRun, 'onMessage' | 'signal'>,
): Promise<WorkerResult> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'done') resolve(message.result);
      else if (message.kind === 'failed') {
        const { code, message: text, ...options } = message.failure;
        reject(new StudioError(code, text, options));
      } else onMessage(message);
    });
    worker.on('error', (cause) =>
      reject(new StudioError('INTERNAL', `The training thread failed: ${String(cause)}`, { cause })),
    );
    worker.on('exit', (code) => {
      reject(
        signal.aborted ? aborted() : new StudioError('INTERNAL', `The training thread ended early with code ${code}`),
      );
    });
  });
}
