import { setTimeout as sleep } from 'node:timers/promises';
import { isStudioError } from '@embedding-studio/contracts';
import type { LeaseKeeper } from './lease-keeper.ts';

const restMs = 500;

/** Says how an attempt ended as soon as the document store can hear it. Unsaid, its lease would hold up the task. */
export async function whileHeld<T>(keeper: Pick<LeaseKeeper, 'cause'>, say: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await say();
    } catch (error) {
      const isAway = isStudioError(error) && error.code === 'STORE_UNAVAILABLE';
      if (!isAway || keeper.cause() !== null) throw error;
    }
    await sleep(restMs);
  }
}
