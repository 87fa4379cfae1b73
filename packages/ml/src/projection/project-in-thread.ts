import type { Worker } from 'node:worker_threads';
import { StudioError } from '@embedding-studio/contracts';
import { startThread } from '../thread/index.ts';
import type { Projected, ProjectionJob, ProjectionMessage } from './projection-messages.ts';

export interface ProjectionRun {
  /** Its vectors are moved to the thread: they are gone here. */
  job: ProjectionJob;
  signal?: AbortSignal;
  /** Called with the share that is done, one call at a time and the newest share only; throws to stop. */
  onProgress(share: number): Promise<void>;
}

/**
 * Lays a map out in a thread of its own, so that the caller's event loop stays free.
 * @throws what the signal was aborted with, or `onProgress` threw; StudioError INTERNAL when the thread died.
 */
export async function projectInThread({ job, signal, onProgress }: ProjectionRun): Promise<Projected> {
  signal?.throwIfAborted();
  const buffers = new Set([job.table, job.more].map(({ values }) => values.buffer as ArrayBuffer));
  const worker = startThread(new URL('./projection-worker.ts', import.meta.url), job, [...buffers]);
  const stopping = new AbortController();
  const either = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
  const report = latestOnly(onProgress, (error) => stopping.abort(error));
  try {
    return await waitForResult(worker, { signal: either, report: report.offer });
  } finally {
    await worker.terminate();
    await report.settled();
  }
}

function waitForResult(
  worker: Worker,
  { signal, report }: { signal: AbortSignal; report: (share: number) => void },
): Promise<Projected> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.on('message', (message: ProjectionMessage) =>
      message.kind === 'done' ? resolve(message.result) : report(message.share),
    );
    worker.on('error', (cause) =>
      reject(new StudioError('INTERNAL', `The projection thread failed: ${String(cause)}`, { cause })),
    );
    worker.on('exit', (code) =>
      reject(new StudioError('INTERNAL', `The projection thread ended early with code ${code}`)),
    );
  });
}

/** Whoever is slow to take shares gets fewer of them. */
function latestOnly(take: (share: number) => Promise<void>, onError: (error: unknown) => void) {
  let newest: number | null = null;
  let running: Promise<void> | null = null;
  const run = async () => {
    while (newest !== null) {
      const share = newest;
      newest = null;
      await take(share);
    }
  };
  return {
    offer(share: number): void {
      newest = share;
      running ??= run()
        .catch(onError)
        .finally(() => {
          running = null;
        });
    },
    async settled(): Promise<void> {
      newest = null;
      await running;
    },
  };
}
