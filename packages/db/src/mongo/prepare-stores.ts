import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '@embedding-studio/contracts';
import { toMongoError } from './mongo-errors.ts';

const restMs = 1_000;

export interface Preparation {
  /** @throws StudioError STORE_UNAVAILABLE until indexes are there: without them nothing would be unique */
  require(): void;
  stop(): void;
}

/**
 * Makes the server fit for the stores. One that is away fails the start, or (`mayBeAway`) is tried until it is there.
 * @throws StudioError STORE_UNAVAILABLE
 */
export async function prepareStores(prepare: () => Promise<void>, mayBeAway: boolean): Promise<Preparation> {
  let isReady = false;
  let isStopped = false;
  const attempt = async (): Promise<void> => {
    try {
      await prepare();
      isReady = true;
    } catch (error) {
      throw toMongoError(error);
    }
  };
  const untilReady = async (): Promise<void> => {
    while (!isReady && !isStopped) {
      await sleep(restMs);
      await attempt().catch(() => undefined);
    }
  };
  await attempt().catch((error: StudioError) => {
    if (!mayBeAway || error.code !== 'STORE_UNAVAILABLE') throw error;
    void untilReady();
  });
  return {
    require() {
      if (isReady) return;
      throw new StudioError('STORE_UNAVAILABLE', 'MongoDB has been away since this process started.', {
        publicMessage: 'The document database does not answer; try again shortly.',
      });
    },
    stop() {
      isStopped = true;
    },
  };
}
