import { expect, it } from 'vitest';
import { chooseEpochs } from '../src/fine-tuning/choose-epochs.ts';

it('reads few queries more often, within a limit', () => {
  expect(chooseEpochs({ given: undefined, recipe: 2, queries: 10_000 })).toBe(2);
  expect(chooseEpochs({ given: undefined, recipe: 2, queries: 1_500 })).toBe(4);
  expect(chooseEpochs({ given: undefined, recipe: 2, queries: 3 })).toBe(8);
});

it('keeps what the caller asked for', () => {
  expect(chooseEpochs({ given: 1, recipe: 1, queries: 3 })).toBe(1);
});
