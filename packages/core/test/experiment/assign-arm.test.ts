import { type Experiment, ExperimentDefinition, layerBuckets } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { assignArm, isHeldOut, isTargeted } from '../../src/experiment/assign-arm.ts';
import { findBuckets } from '../../src/experiment/start-experiment.ts';

const units = Array.from({ length: 4_000 }, (_, at) => `user-${at}`);

function running(change: Partial<ExperimentDefinition> & { buckets?: { from: number; to: number } } = {}) {
  const { buckets = { from: 0, to: layerBuckets }, ...rest } = change;
  const definition = ExperimentDefinition.parse({
    ...{ name: 'weights', kind: 'ab', arms: [{ name: 'a' }, { name: 'b' }] },
    ...rest,
  });
  return { definition, buckets, salt: 'exp_salt' } satisfies Pick<Experiment, 'definition' | 'buckets' | 'salt'>;
}

const armsOf = (experiment: ReturnType<typeof running>) => units.map((unit) => assignArm(experiment, unit));

describe('an arm', () => {
  it('is the same for a unit at all times', () => {
    expect(armsOf(running())).toEqual(armsOf(running()));
  });

  it('has its share of the units, within five standard errors', () => {
    const arms = armsOf(
      running({
        arms: [
          { name: 'a', weight: 3, treatment: {} },
          { name: 'b', weight: 1, treatment: {} },
        ],
      }),
    );
    const share = arms.filter((arm) => arm === 'a').length / units.length;
    expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / units.length));
  });

  it('stays the same for everybody who was there when the traffic grows', () => {
    const few = armsOf(running({ traffic: 0.02 }));
    const many = armsOf(running({ traffic: 0.5 }));
    expect(few.filter((arm) => arm !== null).length).toBeGreaterThan(20);
    for (const [at, arm] of few.entries()) if (arm !== null) expect(many[at]).toBe(arm);
    expect(many.filter((arm) => arm !== null).length / units.length).toBeCloseTo(0.5, 1);
  });

  it('does not tell of the arm in another experiment', () => {
    const other = { ...running(), salt: 'exp_other' };
    const both = units.filter((unit) => assignArm(running(), unit) === 'a' && assignArm(other, unit) === 'a').length;
    expect(Math.abs(both / units.length - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / units.length));
  });

  it('is none where the buckets of the layer are another experiment’s', () => {
    const left = running({ buckets: { from: 0, to: 4_000 } });
    const right = running({ buckets: { from: 4_000, to: 10_000 } });
    for (const unit of units)
      expect(Number(assignArm(left, unit) === null) + Number(assignArm(right, unit) === null)).toBe(1);
  });

  it('is none before the experiment runs', () => {
    expect(assignArm({ ...running(), buckets: null }, 'user-1')).toBeNull();
  });
});

describe('a held-out unit', () => {
  it('is one of the share, whatever the experiment', () => {
    const share = units.filter((unit) => isHeldOut(unit, 0.1)).length / units.length;
    expect(Math.abs(share - 0.1)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / units.length));
    expect(units.some((unit) => isHeldOut(unit, 0))).toBe(false);
  });
});

describe('targeting', () => {
  it('wants one of the values under every name', () => {
    const targeting = { device: ['phone', 'tablet'], country: ['de'] };
    expect(isTargeted(targeting, { device: 'tablet', country: 'de', surface: 'home' })).toBe(true);
    expect(isTargeted(targeting, { device: 'desktop', country: 'de' })).toBe(false);
    expect(isTargeted(targeting, { device: 'phone' })).toBe(false);
    expect(isTargeted({}, {})).toBe(true);
  });
});

describe('a layer', () => {
  it('gives each experiment a stretch of its own, between others where one is free', () => {
    const wanted = running({ layerShare: 0.3 });
    const taken = [running({ buckets: { from: 0, to: 2_000 } }), running({ buckets: { from: 6_000, to: 10_000 } })];
    expect(findBuckets(wanted, taken)).toEqual({ from: 2_000, to: 5_000 });
    expect(findBuckets(wanted, [])).toEqual({ from: 0, to: 3_000 });
  });

  it('refuses what no free stretch holds, and does not look at other layers', () => {
    const taken = [running({ buckets: { from: 3_000, to: 8_000 } })];
    expect(() => findBuckets(running({ layerShare: 0.4 }), taken)).toThrow('stretch');
    expect(findBuckets(running({ layerShare: 1, layer: 'other' }), taken)).toEqual({ from: 0, to: 10_000 });
  });
});
