import type { AnyTask } from '@embedding-studio/contracts';
import { StudioError } from '@embedding-studio/contracts/studio-error';
import type { StudioClient } from './client.ts';

export interface WaitOptions {
  signal?: AbortSignal;
  /** Time between looks. Default 500 ms. */
  intervalMs?: number;
  onProgress?: (task: AnyTask) => void;
}

const settled = new Set(['done', 'failed', 'refused', 'canceled']);

/** Looks at a task until it is settled. A task that did not end well throws its own error code. */
export async function waitForTask(client: StudioClient, taskId: string, options: WaitOptions = {}): Promise<AnyTask> {
  for (;;) {
    const task = await client.task.getTask.query({ taskId }, { signal: options.signal }).catch((error: unknown) => {
      throw options.signal?.aborted ? abortedError(options.signal) : error;
    });
    options.onProgress?.(task);
    if (task.status === 'done') return task;
    if (settled.has(task.status)) {
      throw new StudioError(
        task.error?.code ?? 'INTERNAL',
        `Task ${taskId} ended ${task.status}: ${task.error?.message ?? 'no reason given'}`,
      );
    }
    await sleep(options.intervalMs ?? 500, options.signal);
  }
}

const abortedError = (signal: AbortSignal | undefined) =>
  new StudioError('ABORTED', 'The wait was aborted.', { cause: signal?.reason });

/** Browsers have no timers that know of signals. */
function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(abortedError(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
