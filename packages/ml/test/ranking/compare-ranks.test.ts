import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRanks, rankBiasedOverlap } from '../../src/ranking/index.ts';

describe('rankBiasedOverlap', () => {
  it('meets values worked out by hand for lists of one length', () => {
    // Agreements 0, 1, 2/3: (0.1/0.9) · (0 + 0.81 + (2/3) · 0.729) + (2/3) · 0.729.
    expect(rankBiasedOverlap(['a', 'b', 'c'], ['b', 'a', 'd'])).toBeCloseTo(0.63, 10);
    // Agreements 1, 1/2 with p = 0.5: 1 · (0.5 + 0.125) + 0.5 · 0.25.
    expect(rankBiasedOverlap(['a', 'b'], ['a', 'c'], 0.5)).toBeCloseTo(0.75, 10);
  });

  it('meets a value worked out by hand where one list is shorter', () => {
    // Short [a], long [b, a], p = 0.5. Overlaps 0, 1; nothing is missing as the short list's own overlap is 0:
    // 1 · (0 + (1/2) · 0.25) + ((1 − 0)/2 + 0/1) · 0.25.
    expect(rankBiasedOverlap(['a'], ['b', 'a'], 0.5)).toBeCloseTo(0.25, 10);
    // Short [a], long [a, b]: 1 · (0.5 + (1/2 + 1/2) · 0.25) + (0/2 + 1/1) · 0.25.
    expect(rankBiasedOverlap(['a'], ['a', 'b'], 0.5)).toBeCloseTo(1, 10);
  });

  it('is 1 for the same list, 0 for lists that share nothing, 1 for two empty ones', () => {
    expect(rankBiasedOverlap(['a', 'b', 'c'], ['a', 'b', 'c'])).toBeCloseTo(1, 10);
    expect(rankBiasedOverlap(['a', 'b'], ['c', 'd'])).toBe(0);
    expect(rankBiasedOverlap([], [])).toBe(1);
    expect(rankBiasedOverlap([], ['a'])).toBe(0);
  });

  it('weighs a change at the top more than the same change at the end', () => {
    const list = ['a', 'b', 'c', 'd'];
    expect(rankBiasedOverlap(list, ['b', 'a', 'c', 'd'])).toBeLessThan(rankBiasedOverlap(list, ['a', 'b', 'd', 'c']));
  });

  it('is symmetric and stays between 0 and 1', () => {
    const list = fc.uniqueArray(fc.constantFrom(...'abcdefghij'));
    fc.assert(
      fc.property(list, list, (left, right) => {
        const rbo = rankBiasedOverlap(left, right);
        expect(rbo).toBeGreaterThanOrEqual(0);
        expect(rbo).toBeLessThanOrEqual(1 + 1e-12);
        expect(rankBiasedOverlap(right, left)).toBe(rbo);
      }),
    );
  });
});

describe('compareRanks', () => {
  it('tells moved, lost and new items, and their Jaccard index', () => {
    const compared = compareRanks(['a', 'b', 'c'], ['c', 'a', 'x']);
    expect(compared).toMatchObject({
      shared: 2,
      onlyLeft: ['b'],
      onlyRight: ['x'],
      jaccard: 0.5,
      moves: [
        { itemId: 'a', left: 1, right: 2 },
        { itemId: 'c', left: 3, right: 1 },
      ],
    });
  });

  it('takes two empty lists for the same', () => {
    expect(compareRanks([], [])).toMatchObject({ shared: 0, jaccard: 1, rbo: 1 });
  });
});
