import { expect } from 'vitest';
import type { BrokenLoop } from './broken-loop.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Runs the whole loop with workers that are killed, one after the other, at the boundaries; it must end as if none had been. */
export async function crashAt(loop: BrokenLoop, boundaries: readonly string[]): Promise<void> {
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
  expect(reached).toEqual(boundaries);
}
