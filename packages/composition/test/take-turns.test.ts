import type { Trainer, TrainRequest } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { takeTurns } from '../src/take-turns.ts';

/** Trains until it is told to end. */
function slowTrainer() {
  const running: { end(): void; fail(): void }[] = [];
  const trainer = {
    train: () =>
      new Promise((resolve, reject) => {
        running.push({ end: () => resolve({}), fail: () => reject(new TypeError('broken')) });
      }),
  } as unknown as Trainer;
  return { running, trainer: takeTurns(trainer) };
}

const request = (signal = new AbortController().signal) => ({ signal }) as TrainRequest;
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('trainings of several projects', () => {
  it('run one after the other, also after one that failed', async () => {
    const { running, trainer } = slowTrainer();
    const first = trainer.train(request());
    const second = trainer.train(request());
    await settle();
    expect(running).toHaveLength(1);
    running[0]?.fail();
    await expect(first).rejects.toThrow('broken');
    await settle();
    expect(running).toHaveLength(2);
    running[1]?.end();
    await second;
  });

  it('wait no longer once they are aborted, and leave the turn to the next', async () => {
    const { running, trainer } = slowTrainer();
    const first = trainer.train(request());
    const stopping = new AbortController();
    const waiting = trainer.train(request(stopping.signal));
    const third = trainer.train(request());
    stopping.abort();
    await expect(waiting).rejects.toThrow();
    await settle();
    expect(running).toHaveLength(1);
    running[0]?.end();
    await first;
    await settle();
    expect(running).toHaveLength(2);
    running[1]?.end();
    await third;
  });
});
