import type { Trainer } from '@embedding-studio/contracts';

/** One training at a time: several projects in one process would take the memory of as many. Waiting ends on abort. */
export function takeTurns(trainer: Trainer): Trainer {
  let last: Promise<unknown> = Promise.resolve();
  return {
    train: (request) => {
      const started = Promise.race([last, untilAborted(request.signal)]).then(() => {
        request.signal.throwIfAborted();
        return trainer.train(request);
      });
      last = Promise.all([last, started.catch(() => undefined)]);
      return started;
    },
    encode: (request) => trainer.encode(request),
    timeQueries: (request) => trainer.timeQueries(request),
    quantizeModel: (request) => trainer.quantizeModel(request),
    checkModel: (folder, signal) => trainer.checkModel(folder, signal),
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
