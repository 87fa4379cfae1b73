import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BrokenLoop, openBrokenLoop, until } from './broken-loop.ts';
import type { WorkerProcess } from './worker-process.ts';

/** In the middle of steps whose second run or late end would leave traces. */
const stopBoundaries = [
  'fine_tuning.trainer.train',
  'deployment.modelServer.loadModel',
  'reindex.collections.createCollection',
  'switch.collections.switchLive',
];

let loop: BrokenLoop;
beforeEach(async () => {
  loop = await openBrokenLoop();
});
afterEach(() => loop.close());

describe('the loop, with workers that stand still', () => {
  test('workers that stood still until others had finished their tasks change nothing when they wake', async () => {
    const still: WorkerProcess[] = [];
    const work = (async () => {
      for (const boundary of stopBoundaries) {
        const stopping = loop.startWorker(boundary, true);
        await until(async () => isStopped(stopping));
        still.push(stopping);
      }
      loop.startWorker();
    })();
    await loop.requestBase();
    await loop.requestTuned();
    await loop.waitForTheEnd();
    await work;
    for (const { child } of still) child.kill('SIGCONT');
    // Twice the lease: the late writes, if there were any, have been made.
    await sleep(4_000);
    for (const { child } of still) child.kill('SIGTERM');
    await Promise.all(still.map(({ ended }) => ended));
    await loop.expectGoodEnd();
    expect(still).toHaveLength(stopBoundaries.length);
  });
});

/** State of the process in /proc: T is stopped. */
async function isStopped({ child }: WorkerProcess): Promise<boolean> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
