import { describe, expect, it } from 'vitest';
import { binomialTail } from '../../src/distribution/index.ts';
import { createSeededRandom } from '../../src/index.ts';
import { makeWorld, measureAbPower, measureInterleavedPower, measureSensitivity } from './simulate-interleaving.ts';
import { simulateBreach, simulatePeeking, visits } from './simulate-peeking.ts';
import { simulatePower, simulateSplits, simulateWatchedSplits } from './simulate-splits.ts';

/** What no more than one of a thousand honest simulations would exceed. */
function mostHits(runs: number, share: number): number {
  let hits = 0;
  while (binomialTail(hits, runs, share) > 0.001) hits++;
  return hits / runs;
}

describe('two equal arms, looked at every 100 sessions, 1,000 runs', () => {
  it.each([
    ['share' as const, 3000, 0.02],
    ['spending' as const, 2000, 0.2],
    ['ratio' as const, 2000, 0.02],
  ])('%s: always-valid tests alarm in at most 5 % of the runs, naive peeking in far more', (name, sessions, tau) => {
    const alarms = simulatePeeking({ draw: visits[name], runs: 1000, sessions, every: 100, tau, seed: 1 });
    expect(alarms.sequential).toBeLessThanOrEqual(0.05);
    expect(alarms.msprt).toBeLessThanOrEqual(0.05);
    expect(alarms.guardrail).toBeLessThanOrEqual(0.05);
    expect(alarms.welch).toBeGreaterThan(0.15);
  });
});

describe('units said to be needed', () => {
  it.each([
    ['fixed' as const, 0.8],
    ['sequential' as const, 0.9],
  ])('%s: give the power promised', (test, power) => {
    const runs = 1000;
    const seen = simulatePower({ rate: 0.3, effect: 0.06, power, test, runs, seed: 4 });
    expect(Math.abs(seen - power)).toBeLessThan(3.3 * Math.sqrt((power * (1 - power)) / runs));
  });
});

describe('split of 50,000 units', () => {
  it('sets off the alarm in .1 % of fair draws, within the exact binomial limit', () => {
    const runs = 20_000;
    expect(simulateSplits({ share: 0.5, units: 50_000, runs, seed: 2 })).toBeLessThan(mostHits(runs, 0.001));
  });

  it('sets it off in 99 % of draws at 52 to 48', () => {
    expect(simulateSplits({ share: 0.52, units: 50_000, runs: 300, seed: 3 })).toBeGreaterThanOrEqual(0.99);
  });
});

it('a fair split watched every 100 units is called broken by its sequential p in at most 5 % of the runs', () => {
  const alarms = simulateWatchedSplits({ runs: 1000, units: 5000, every: 100, seed: 6 });
  expect(alarms.sequential).toBeLessThanOrEqual(0.05);
  expect(alarms.pearson).toBeGreaterThan(0.15);
});

it('the guardrail sees a treatment that lost a third of its clicks', () => {
  const waits = simulateBreach({
    rates: [0.3, 0.2],
    share: 0.5,
    allowed: 0.02,
    runs: 200,
    most: 4000,
    every: 100,
    seed: 7,
  });
  expect(waits.filter((wait) => wait <= 4000).length / waits.length).toBeGreaterThan(0.95);
});

it.each([
  [0.05, 0.3],
  [0.01, 0.3],
  [0.05, 0.05],
])('the guardrail lets a fair canary with %d of the traffic and a rate of %d pass', (share, rate) => {
  const settings = { rates: [rate, rate] as const, share, allowed: 0, runs: 200, most: 6000, every: 100, seed: 3 };
  const alarms = simulateBreach(settings).filter((wait) => wait <= 6000).length;
  expect(alarms / 200).toBeLessThanOrEqual(0.05);
});

it('interleaving finds what searchers prefer with a tenth of the searches of an A/B test', () => {
  const world = makeWorld(3, { a: 0.12, b: 0.08 });
  const random = createSeededRandom(9);
  const needed = measureSensitivity(world, 30_000, random);
  expect(needed.clickThrough.b).toBeGreaterThan(needed.clickThrough.a);
  expect(needed.abSearches / needed.interleavedSearches).toBeGreaterThan(8);
  const interleaved = measureInterleavedPower(world, { runs: 300, users: needed.interleavedUsers }, random);
  const ab = measureAbPower(world, { runs: 30, users: needed.abUsers }, random);
  expect(interleaved).toBeGreaterThan(1 - mostHits(300, 0.05));
  expect(ab).toBeGreaterThan(1 - mostHits(30, 0.07));
});
