import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Ctx } from '../src/context.ts';
import { startPace, waitMs } from '../src/item/pace.ts';

test('a job waits until what it has done fits the rate, and never without one', () => {
  expect(waitMs({ done: 100, perSecond: 50, elapsedMs: 500 })).toBe(1_500);
  expect(waitMs({ done: 100, perSecond: 50, elapsedMs: 2_500 })).toBe(0);
  expect(waitMs({ done: 1_000_000, perSecond: null, elapsedMs: 0 })).toBe(0);
});

function contextOf(rate: () => number | null | undefined): Ctx {
  const deps = { clock: { now: () => new Date() }, tasks: { findRate: async () => rate() } };
  return { deps, actor: { kind: 'system', job: 'test' }, requestId: 'r' } as unknown as Ctx;
}

test('the rate of the task goes before the standard, and null lifts it', () => {
  const pace = (itemsPerSecond: number | null | undefined, standard: number | null) =>
    startPace(
      contextOf(() => itemsPerSecond),
      { task: { id: 't', itemsPerSecond }, standard },
    ).batch(200);
  expect(pace(undefined, null)).toBe(200);
  expect(pace(undefined, 20)).toBe(40);
  expect(pace(null, 20)).toBe(200);
  expect(pace(1, null)).toBe(8);
});

test('a job that waits for hours goes on soon after its rate is lifted', async () => {
  let rate: number | null = 0.001;
  const pace = startPace(
    contextOf(() => rate),
    { task: { id: 't', itemsPerSecond: rate }, standard: null },
  );
  let isHeld = true;
  const held = pace.hold(100).then(() => {
    isHeld = false;
  });
  await sleep(50);
  expect(isHeld).toBe(true);
  rate = null;
  await held;
  expect(isHeld).toBe(false);
});
