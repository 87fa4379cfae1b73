import { setTimeout as sleep } from 'node:timers/promises';
import { isStudioError } from '@embedding-studio/contracts';

const pausesMs = [200, 1_000];

/**
 * Bulk work has the patience to ask again while a server restarts or its queue is full, so that one hiccup does not
 * throw away a task's batch. Running a model twice over the same rows changes nothing.
 */
export async function retryBulk<T>(
  { priority, signal }: { priority: 1 | 2; signal?: AbortSignal },
  ask: () => Promise<T>,
): Promise<T> {
  for (const pauseMs of priority === 2 ? pausesMs : []) {
    try {
      return await ask();
    } catch (error) {
      if (!isStudioError(error) || error.code !== 'MODEL_SERVER_UNAVAILABLE') throw error;
      // Half of the pause is by chance: workers that failed together do not come back together.
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
  return ask();
}
