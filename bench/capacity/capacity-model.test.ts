import { describe, expect, it } from 'vitest';
import { defaultAssumptions, readAssumptions } from './assumptions.ts';
import {
  bytesPerVector,
  growByLog,
  type MeasuredInputs,
  type MeasuredSize,
  planCapacity,
  withBinaryIndex,
} from './capacity-model.ts';

const size = (vectors: number, change: Partial<MeasuredSize> = {}): MeasuredSize => ({
  ...{ vectors, tableBytes: vectors * 2_000, indexBytes: vectors * 1_000, buildSeconds: vectors / 1_000 },
  ...{ buildLogBytes: vectors * 1_000, p50Ms: 2, p95Ms: 4, queriesPerSecond: 500, recall: 0.99 },
  ...change,
});
const inputs: MeasuredInputs = {
  ...{ dims: 384, cores: 2, insertLogBytes: { first: 9_000, later: 5_000 }, replayPerSecond: 1_000 },
  binary: {
    vectors: 10_000,
    indexBytes: 2_500_000,
    buildSeconds: 5,
    found: [{ candidates: 100, recall: 0.9, p50Ms: 4 }],
  },
  sizes: [size(10_000), size(100_000, { p50Ms: 3, p95Ms: 6 })],
};
const given = {
  ...defaultAssumptions,
  mergeMs: 5,
  serverGiB: 100,
  serverCores: 4,
  buildCores: 8,
  indexShare: 0.5,
  hotTableShare: 0.1,
};

describe('the capacity model', () => {
  it('takes bytes of a vector from the largest size that was measured', () => {
    expect(bytesPerVector(inputs)).toEqual({ table: 2_000, index: 1_000 });
  });

  it('lets a figure grow by the same amount with every tenfold, and never shrink', () => {
    expect(growByLog(inputs.sizes, ({ p50Ms }) => p50Ms, 10_000_000)).toBeCloseTo(5);
    expect(growByLog(inputs.sizes, ({ p50Ms }) => p50Ms, 10_000)).toBeCloseTo(2);
    expect(growByLog([size(10), size(100, { p50Ms: 1 })], ({ p50Ms }) => p50Ms, 1_000)).toBe(1);
    expect(growByLog([size(10)], ({ p50Ms }) => p50Ms, 1_000)).toBe(2);
  });

  it('splits by what the index takes in memory, and copies by the load', () => {
    const plan = planCapacity(inputs, { ...given, searchesPerSecond: 5_000 }, 2 ** 30);
    // 1,000 GB of index, of which a server holds 50 GiB.
    expect(plan.partitions).toBe(20);
    expect(plan.memoryGiB).toBeCloseTo(1_200);
    expect(plan.diskGiB).toBeCloseTo(3_000);
    expect(plan.copies).toBe(5);
    expect(plan.servers).toBe(100);
    expect(plan.isExtrapolated).toBe(true);
    expect(plan.p50Ms).toBeCloseTo(growByLog(inputs.sizes, ({ p50Ms }) => p50Ms, 2 ** 30 / 20) + 5);
    expect(planCapacity(withBinaryIndex(inputs), given, 2 ** 30).partitions).toBe(5);
    const [first] = withBinaryIndex(inputs).sizes;
    expect(first).toMatchObject({ indexBytes: 2_500_000, buildSeconds: 5, p50Ms: 4, p95Ms: 8, queriesPerSecond: 250 });
    expect(plan.p95Ms - 5).toBeCloseTo(2 * (plan.p50Ms - 5));
    expect(plan.pricePerMonth).toBeCloseTo(100 * (100 * 3 + 4 * 15) + 5 * 3_000 * 0.1);
  });

  it('adds no merging to one server, and builds faster on more cores', () => {
    const plan = planCapacity(inputs, given, 100_000);
    expect(plan).toMatchObject({ partitions: 1, copies: 1, servers: 1, isExtrapolated: false, p50Ms: 3 });
    expect(plan.buildHours * 3_600).toBeCloseTo(50);
  });
});

describe('--assume', () => {
  it('puts numbers in the place of the defaults and refuses what it does not know', () => {
    expect(readAssumptions('serverGiB=512, priceCore=9.5')).toEqual({
      ...defaultAssumptions,
      serverGiB: 512,
      priceCore: 9.5,
    });
    expect(readAssumptions('')).toEqual(defaultAssumptions);
    expect(() => readAssumptions('serverGib=1')).toThrow(/serverGib/);
    expect(() => readAssumptions('priceCore=-1')).toThrow(/priceCore/);
    expect(() => readAssumptions('priceCore=')).toThrow(/priceCore/);
  });
});
