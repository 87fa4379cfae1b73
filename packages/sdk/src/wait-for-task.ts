import { setTimeout } from 'node:timers/promises';
import { type AnyTask, StudioError } from '@embedding-studio/contracts';
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
    const task = await client.task.getTask.query({ taskId }, { signal: options.signal });
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

/** Node's own timer forgets its abort listener when it is done. */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch((cause: unknown) => {
    throw new StudioError('ABORTED', 'The wait was aborted.', { cause });
  });
}
