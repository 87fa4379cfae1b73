import type { Fault, Result } from '../result.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { type Direction, findArmFault } from './effect.ts';
import type { ArmMoments } from './moments.ts';

/** A share (posterior Beta(1 + successes, 1 + failures)) or any mean (posterior normal about it). */
export type ThompsonArm = { successes: number; failures: number } | ArmMoments;

export interface ThompsonOptions {
  better: Direction;
  /** Traffic that no arm goes below; default .01. */
  floor?: number;
  /** Default 10,000. */
  draws?: number;
  seed: number;
}

export interface Allocation {
  /** Traffic by arm, adds up to 1, none below the floor. */
  shares: number[];
  /** Chance of being the best arm, before the floor. */
  chances: number[];
}

type Draw = (random: SeededRandom) => number;

/**
 * Splits traffic by the chance that each arm is the best (Thompson, 1933), above a floor for all. For three arms and
 * more: with two a test answers sooner. Means of arms that got traffic this way are biased; do not test them.
 */
export function allocateThompson(arms: readonly ThompsonArm[], options: ThompsonOptions): Result<Allocation> {
  const { better, floor = 0.01, draws = 10_000, seed } = options;
  const fault = findOptionFault(arms.length, floor, draws) ?? findArmsFault(arms);
  if (fault) return fault;
  const posteriors = arms.map(posteriorOf);
  const random = createSeededRandom(seed);
  const wins = arms.map(() => 0);
  for (let draw = 0; draw < draws; draw++) {
    const values = posteriors.map((posterior) => (better === 'up' ? posterior(random) : -posterior(random)));
    const best = values.indexOf(Math.max(...values));
    wins[best] = (wins[best] ?? 0) + 1;
  }
  const chances = wins.map((count) => count / draws);
  return { kind: 'estimated', shares: chances.map((chance) => floor + (1 - floor * arms.length) * chance), chances };
}

function posteriorOf(arm: ThompsonArm): Draw {
  if ('successes' in arm)
    return (random) => {
      const above = drawGamma(random, 1 + arm.successes);
      return above / (above + drawGamma(random, 1 + arm.failures));
    };
  const standardError = Math.sqrt(arm.variance / arm.n);
  return (random) => arm.mean + standardError * drawNormal(random);
}

/** Box and Muller (1958). */
function drawNormal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000), for shapes of at least 1. */
function drawGamma(random: SeededRandom, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const cube = (1 + c * normal) ** 3;
    if (cube <= 0) continue;
    if (Math.log(1 - random.next()) < 0.5 * normal * normal + d * (1 - cube + Math.log(cube))) return d * cube;
  }
}

function findOptionFault(arms: number, floor: number, draws: number): Fault | null {
  if (arms < 3) return { kind: 'invalid', reason: 'a bandit needs three arms: two are compared by a test' };
  if (!(floor >= 0 && floor * arms < 1))
    return { kind: 'invalid', reason: `floor ${floor} leaves nothing to share among ${arms} arms` };
  if (!(Number.isInteger(draws) && draws >= 100))
    return { kind: 'invalid', reason: `draws ${draws} is not an integer of at least 100` };
  return null;
}

function findArmsFault(arms: readonly ThompsonArm[]): Fault | null {
  for (const [place, arm] of arms.entries()) {
    if (!('successes' in arm)) {
      const fault = findArmFault(`arm ${place}`, arm);
      if (fault) return fault;
      continue;
    }
    for (const [name, count] of Object.entries({ successes: arm.successes, failures: arm.failures }))
      if (!(Number.isInteger(count) && count >= 0))
        return { kind: 'invalid', reason: `${name} of arm ${place} is ${count}, not a count` };
  }
  return null;
}
