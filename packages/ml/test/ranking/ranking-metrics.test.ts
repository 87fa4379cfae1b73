import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  condensedNdcgAt,
  meanMetrics,
  measureQuery,
  ndcgAt,
  recallAt,
  reciprocalRankAt,
} from '../../src/ranking/index.ts';

const judged = { queryId: 'q', text: 'q', relevant: { a: 3, b: 2, c: 1 }, judged: ['a', 'b', 'c', 'x', 'y'] };

describe('ndcgAt', () => {
  it('meets trec_eval with linear gain', () => {
    // (2 + 3 / log2 3 + 1 / log2 5) / (3 + 2 / log2 3 + 1 / 2), worked out by hand.
    expect(ndcgAt(['b', 'a', 'u', 'c'], judged.relevant)).toBeCloseTo(0.90794, 5);
    expect(ndcgAt(['a', 'b', 'c'], judged.relevant)).toBe(1);
  });

  it('gives nothing for an unjudged item, and counts the place that it takes', () => {
    expect(ndcgAt(['u', 'a'], { a: 1 })).toBeCloseTo(1 / Math.log2(3), 12);
    expect(ndcgAt(['u'], { a: 1 })).toBe(0);
  });

  it('cuts both the ranking and the ideal at ten', () => {
    const relevant = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`r${index}`, 1]));
    expect(ndcgAt(Object.keys(relevant), relevant)).toBe(1);
    expect(ndcgAt([...Array.from({ length: 10 }, (_, index) => `u${index}`), 'r1'], relevant)).toBe(0);
  });

  it('is not fooled by item ids that are names of object members', () => {
    expect(ndcgAt(['constructor', 'a'], { a: 1 })).toBeCloseTo(1 / Math.log2(3), 12);
  });

  it('stays within 0 and 1 and is 1 only for an ideal order', () => {
    const grades = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 4 }), {
      minKeys: 1,
      maxKeys: 20,
    });
    fc.assert(
      fc.property(grades, fc.integer(), (relevant, rotation) => {
        const ids = Object.keys(relevant);
        const turned = ids.map((_, index) => ids[(index + Math.abs(rotation)) % ids.length] ?? '');
        const value = ndcgAt(turned, relevant);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        const ideal = [...ids].sort((left, right) => (relevant[right] ?? 0) - (relevant[left] ?? 0));
        if (Object.values(relevant).some((grade) => grade > 0)) expect(ndcgAt(ideal, relevant)).toBeCloseTo(1, 12);
      }),
      { numRuns: 100 },
    );
  });
});

describe('other metrics', () => {
  it('recall is the share of all relevant items, reciprocal rank that of the first', () => {
    expect(recallAt(['b', 'u', 'a'], judged.relevant)).toBeCloseTo(2 / 3, 12);
    expect(reciprocalRankAt(['u', 'v', 'c'], judged.relevant)).toBeCloseTo(1 / 3, 12);
    expect(reciprocalRankAt(Array.from({ length: 10 }, (_, index) => `u${index}`).concat('a'), judged.relevant)).toBe(
      0,
    );
  });

  it('condensed nDCG ranks judged items only: unjudged ones do not push others down', () => {
    expect(condensedNdcgAt(['u', 'v', 'a', 'w', 'b', 'c'], judged)).toBe(1);
    expect(condensedNdcgAt(['x', 'a', 'b', 'c'], judged)).toBeLessThan(1);
  });

  it('means are over queries', () => {
    const good = measureQuery(['a', 'b', 'c'], judged);
    const bad = measureQuery(['u'], judged);
    expect(meanMetrics([good, bad])).toEqual({ ndcg10: 0.5, recall10: 0.5, mrr10: 0.5, cndcg10: 0.5 });
    expect(meanMetrics([])).toEqual({ ndcg10: 0, recall10: 0, mrr10: 0, cndcg10: 0 });
  });
});
