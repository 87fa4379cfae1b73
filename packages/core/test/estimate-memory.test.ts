import { describe, expect, test } from 'vitest';
import { estimateMemory } from '../src/collection/estimate-memory.ts';

const size = { parts: 1_000, dims: 384 };

describe('estimateMemory', () => {
  test('splits a measured index into half-precision vectors and links', () => {
    const storage = {
      vectorBytes: 2_000_000,
      indexBytes: 1_000_000,
      index: { m: 16, efConstruction: 128 },
      deadShare: 0,
    };
    expect(estimateMemory(storage, size)).toEqual({
      // 1,000 · (8 + 2 · 384)
      vectors: 776_000,
      links: 224_000,
      total: 1_000_000,
      table: 2_000_000,
      basis: 'measured',
    });
  });

  test('says what an index would take before there is one', () => {
    const storage = { vectorBytes: 2_000_000, indexBytes: null, index: null, deadShare: null };
    const { vectors, links, total, basis } = estimateMemory(storage, size);
    // (776,000 + 1,000 · 2 · 16 · 6 · 16/15) · 1.15
    expect(total).toBe(Math.round(980_800 * 1.15));
    expect([vectors, vectors + links, basis]).toEqual([776_000, total, 'expected']);
  });
});
