import { afterEach, beforeEach, describe, test } from 'vitest';
import { type BrokenLoop, openBrokenLoop } from './broken-loop.ts';
import { crashAt } from './crash-at.ts';

/** The effect at the end of each step, and the ones in its middle. */
const boundaries = [
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
  test('a worker killed at every step boundary behind the gate ends in the same state', () =>
    crashAt(loop, boundaries));
});
