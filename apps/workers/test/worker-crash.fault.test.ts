import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BrokenLoop, openBrokenLoop } from './broken-loop.ts';
import type { WorkerProcess } from './worker-process.ts';

/** The effect at the end of each step, and the ones in its middle. */
const boundaries = [
  ...['upsertion.items.upsertItems', 'upsertion.collections.putVectors'],
  ...['fine_tuning.trainer.train', 'fine_tuning.rollouts.advanceRollout'],
  ...['evaluation.objects.putObject', 'evaluation.rollouts.advanceRollout'],
  ...['deployment.modelServer.loadModel', 'deployment.rollouts.advanceRollout'],
  ...['reindex.collections.createCollection', 'reindex.collections.buildIndex'],
  ...['verification.rollouts.advanceRollout', 'switch.collections.switchLive', 'switch.tasks.settleTask'],
];

let loop: BrokenLoop;
beforeEach(async () => {
  loop = await openBrokenLoop();
});
afterEach(() => loop.close());

describe('the loop, with its processes and servers killed', () => {
  test('a worker killed at every step boundary ends in the same state', async () => {
    let place = 0;
    let isOver = false;
    let worker: WorkerProcess | null = null;
    const reached: string[] = [];
    const keepWorking = (async () => {
      while (!isOver) {
        const boundary = boundaries[place];
        worker = loop.startWorker(boundary);
        if ((await worker.ended) === 'SIGKILL' && boundary !== undefined) reached.push(boundary);
        place += 1;
      }
    })();
    await loop.requestBase();
    await loop.requestTuned();
    await loop.waitForTheEnd();
    isOver = true;
    (worker as WorkerProcess | null)?.child.kill('SIGTERM');
    await keepWorking;
    await loop.expectGoodEnd();
    expect(reached.length).toBe(boundaries.length);
  });
});
