import { afterEach, beforeEach, describe, test } from 'vitest';
import { type BrokenLoop, openBrokenLoop } from './broken-loop.ts';
import { crashAt } from './crash-at.ts';

/** The effect at the end of each step, and the ones in its middle. */
const boundaries = [
  ...['upsertion.items.upsertItems', 'upsertion.collections.putVectors'],
  ...['fine_tuning.trainer.train', 'fine_tuning.rollouts.advanceRollout'],
  ...['evaluation.objects.putObject', 'evaluation.rollouts.advanceRollout'],
];

let loop: BrokenLoop;
beforeEach(async () => {
  loop = await openBrokenLoop();
});
afterEach(() => loop.close());

describe('the loop, with its processes and servers killed', () => {
  test('a worker killed at every step boundary up to the gate ends in the same state', () => crashAt(loop, boundaries));
});
