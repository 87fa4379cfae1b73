import { describe, expect, it } from 'vitest';
import {
  createSeededRandom,
  findBest,
  measureImportance,
  nextStep,
  planHalving,
  type SearchSpace,
  spreadPoints,
  type TrialResult,
} from '../src/index.ts';

const space: SearchSpace = {
  rate: { from: 1e-6, to: 1e-3, scale: 'log' },
  negatives: { from: 0, to: 4, scale: 'linear', isWhole: true },
  part: { values: ['all', 'lora'] },
};

describe('points of a search', () => {
  const points = spreadPoints(space, 10, createSeededRandom(7));

  it('are the same for the same seed and others for another', () => {
    expect(spreadPoints(space, 10, createSeededRandom(7))).toEqual(points);
    expect(spreadPoints(space, 10, createSeededRandom(8))).not.toEqual(points);
  });

  it('leave no tenth of a logarithmic range unseen and stay inside of it', () => {
    const tenths = points.map(({ rate }) => Math.floor(10 * (Math.log10(Number(rate) / 1e-6) / 3)));
    expect(tenths.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('take every whole number and every value alike', () => {
    expect(points.map(({ negatives }) => negatives).toSorted()).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(points.filter(({ part }) => part === 'lora')).toHaveLength(5);
  });
});

describe('successive halving', () => {
  it('plans rungs of equal cost within the budget', () => {
    const plan = planHalving({ trials: 9, secondsMax: 270 });
    expect(plan).toEqual([
      { trials: 9, seconds: 15 },
      { trials: 3, seconds: 45 },
    ]);
    expect(plan.reduce((sum, { trials, seconds }) => sum + trials * seconds, 0)).toBeLessThanOrEqual(270 + 1e-9);
  });

  it('runs fewer trials where each would have too little time to tell anything', () => {
    const [first] = planHalving({ trials: 50, secondsMax: 60, secondsMin: 10 });
    expect(first?.trials).toBeLessThanOrEqual(6);
    expect(first?.seconds).toBeGreaterThanOrEqual(10);
  });

  it('goes on after a cut exactly as it would have without one', () => {
    const plan = planHalving({ trials: 9, secondsMax: 90 });
    const walked = walk(plan, 90, (trial) => (trial * 7) % 9);
    for (let cut = 0; cut <= walked.length; cut++) {
      const step = nextStep(plan, walked.slice(0, cut), 90);
      const next = walked[cut];
      if (next === undefined) expect(step.kind).toBe('done');
      else expect(step).toMatchObject({ kind: 'run', trial: next.trial, rung: next.rung });
    }
    expect(findBest(walked)?.trial).toBe(5);
  });

  it('counts a failed trial and never lets it go on; all failed means no best', () => {
    const plan = planHalving({ trials: 6, secondsMax: 60 });
    const walked = walk(plan, 60, (trial) => (trial === 5 ? null : trial));
    expect(walked.filter(({ trial }) => trial === 5)).toHaveLength(1);
    expect(findBest(walked)?.trial).toBe(4);
    const failed = walk(plan, 60, () => null);
    expect(failed).toHaveLength(6);
    expect(nextStep(plan, failed, 60)).toEqual({ kind: 'done', best: null, why: 'finished' });
  });

  it('ends when its time is up, though trials took longer than planned', () => {
    const plan = planHalving({ trials: 9, secondsMax: 90 });
    const slow = walk(plan, 90, { score: (trial) => trial, slowness: 2.5 });
    expect(slow.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThan(90 + 2.5 * (plan[0]?.seconds ?? 0));
    expect(nextStep(plan, slow, 90)).toMatchObject({ kind: 'done', why: 'budget' });
  });

  it('finds better settings than as much time spent on random ones', () => {
    // The longer a trial runs, the less luck is in its score; the optimum is narrow.
    const truth = (point: Record<string, unknown>) =>
      1 - (Math.log10(Number(point.rate)) + 4.2) ** 2 - (point.part === 'lora' ? 0 : 0.3);
    const noisy = (point: Record<string, unknown>, seconds: number, luck: () => number) =>
      truth(point) + (luck() - 0.5) * (3 / Math.sqrt(seconds));
    let halved = 0;
    let random = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const luck = createSeededRandom(seed + 100).next;
      const plan = planHalving({ trials: 18, secondsMax: 180 });
      const points = spreadPoints(space, plan[0]?.trials ?? 0, createSeededRandom(seed));
      const done = walk(plan, 180, (trial, seconds) => noisy(points[trial] ?? {}, seconds, luck));
      halved += truth(points[findBest(done)?.trial ?? 0] ?? {});
      const few = Array.from(
        { length: 4 },
        (_, at) => spreadPoints(space, 1, createSeededRandom(seed * 10 + at))[0] ?? {},
      );
      random += truth(few.toSorted((left, right) => noisy(right, 45, luck) - noisy(left, 45, luck))[0] ?? {});
    }
    expect(halved / 40).toBeGreaterThan(random / 40 + 0.1);
  });
});

type Score = (trial: number, seconds: number) => number | null;

function walk(
  plan: ReturnType<typeof planHalving>,
  secondsMax: number,
  given: Score | { score: Score; slowness: number },
): TrialResult[] {
  const { score, slowness } = typeof given === 'function' ? { score: given, slowness: 1 } : given;
  const done: TrialResult[] = [];
  for (;;) {
    const step = nextStep(plan, done, secondsMax);
    if (step.kind === 'done') return done;
    const { trial, rung, seconds } = step;
    done.push({ trial, rung, score: score(trial, seconds), seconds: seconds * slowness });
  }
}

describe('importance of settings', () => {
  const trials = Array.from({ length: 20 }, (_, at) => ({
    settings: { rate: 10 ** (-at / 4), part: at % 2 === 0 ? 'all' : 'lora', seed: (at * 7) % 20, fixed: 1 },
    score: at / 20 + (at % 2 === 0 ? 0 : 0.01),
  }));

  it('puts what orders the scores first, with its direction, and leaves out what never changed', () => {
    const found = measureImportance(trials, 1);
    expect(found.map(({ name }) => name)).not.toContain('fixed');
    expect(found[0]).toMatchObject({ name: 'rate', direction: -1 });
    expect(found[0]?.strength).toBeGreaterThan(0.95);
    expect(found[0]?.p).toBeLessThan(0.01);
    expect(found.find(({ name }) => name === 'part')).toMatchObject({ direction: null });
    expect(found.find(({ name }) => name === 'part')?.p).toBeGreaterThan(0.2);
  });

  it('says nothing of fewer than four trials', () => {
    expect(measureImportance(trials.slice(0, 3), 1)).toEqual([]);
  });
});
