import {
  checkSrm,
  compareSequential,
  compareWelch,
  createSeededRandom,
  findNeededUnits,
  type SeededRandom,
} from '../../src/index.ts';
import { estimated } from './estimated.ts';
import { addVisit, emptySums, pairOf } from './simulate-peeking.ts';

/** Share of splits of `units` that set off the alarm, where each unit goes to the first arm with `share`. */
export function simulateSplits(settings: { share: number; units: number; runs: number; seed: number }): number {
  const { share, units, runs, seed } = settings;
  const random = createSeededRandom(seed);
  let alarms = 0;
  for (let run = 0; run < runs; run++) {
    const first = share === 0.5 ? countBits(units, random) : countHits(units, share, random);
    if (estimated(checkSrm({ counts: [first, units - first], weights: [1, 1] })).isMismatch) alarms++;
  }
  return alarms / runs;
}

/** Fair coins, 32 to a draw. */
function countBits(units: number, random: SeededRandom): number {
  let ones = 0;
  for (let left = units; left > 0; left -= 32) {
    let word = random.nextIndex(2 ** 32) >>> 0;
    if (left < 32) word = word >>> (32 - left);
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    ones += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return ones;
}

function countHits(units: number, share: number, random: SeededRandom): number {
  let hits = 0;
  for (let unit = 0; unit < units; unit++) if (random.next() < share) hits++;
  return hits;
}

/** Shares of fair runs that alarm at one look at least: Pearson's p and the sequential one, at 5 %. */
export function simulateWatchedSplits(settings: { runs: number; units: number; every: number; seed: number }) {
  const alarms = { pearson: 0, sequential: 0 };
  const random = createSeededRandom(settings.seed);
  for (let run = 0; run < settings.runs; run++) {
    let [first, least, leastSequential] = [0, 1, 1];
    for (let units = settings.every; units <= settings.units; units += settings.every) {
      first += countBits(settings.every, random);
      const check = estimated(checkSrm({ counts: [first, units - first], weights: [1, 1] }));
      least = Math.min(least, check.p);
      leastSequential = Math.min(leastSequential, check.sequentialP);
    }
    if (least < 0.05) alarms.pearson += 1 / settings.runs;
    if (leastSequential < 0.05) alarms.sequential += 1 / settings.runs;
  }
  return alarms;
}

export interface PowerSettings {
  /** Click-through of the control, and what the treatment adds. */
  rate: number;
  effect: number;
  power: number;
  test: 'fixed' | 'sequential';
  runs: number;
  seed: number;
}

/** Share of runs, each with exactly the units that were said to be needed, whose one look finds the effect. */
export function simulatePower({ rate, effect, power, test, runs, seed }: PowerSettings): number {
  const treated = rate + effect;
  const variance = (rate * (1 - rate) + treated * (1 - treated)) / 2;
  const { units } = estimated(findNeededUnits({ variance, effect, power, test }));
  const compare = test === 'fixed' ? compareWelch : compareSequential;
  const random = createSeededRandom(seed);
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const arms = [emptySums(), emptySums()] as const;
    for (let unit = 0; unit < units; unit++) {
      const arm = unit % 2;
      addVisit(arm === 0 ? arms[0] : arms[1], { x: 1, y: random.next() < (arm === 0 ? rate : treated) ? 1 : 0 });
    }
    const pair = pairOf(arms);
    if (pair && estimated(compare(pair)).p < 0.05) found++;
  }
  return found / runs;
}
