import { toEvidence } from '@embedding-studio/core';
import { computeItemDelta, dot, toUnit } from '@embedding-studio/ml/improvement';
import { describe, expect, test } from 'vitest';

const now = new Date('2026-06-01T00:00:00Z');
const unit = (...values: number[]) => toUnit(Float32Array.from(values)) ?? new Float32Array();
/** Every query leans towards the first axis; this item was wanted for what lies on the second. */
const asked = unit(1, 1, 0, 0);
const elsewhere = unit(1, 0, 1, 0);
const item = unit(0.2, 0, 0, 1);
const clicks = Array.from({ length: 30 }, (_, at) => ({
  ...{ itemId: 'a', sessionId: `s${at}`, userKey: `u${at}`, query: asked, weight: 1, at: now },
}));

function gainOf(query: Float32Array, common: Float32Array | null): number {
  const delta = computeItemDelta(
    [item],
    clicks.map((click) => toEvidence(click, { now, common })),
  );
  if (delta === null) return Number.NaN;
  return (delta.keep * dot(query, item) + dot(query, delta.shift)) / delta.norm - dot(query, item);
}

describe('evidence of a query', () => {
  const common = Float32Array.from([0.7, 0, 0, 0]);

  test('moves the item for such queries, and far less for others that share what all queries do', () => {
    expect(gainOf(asked, common)).toBeGreaterThan(0.05);
    expect(gainOf(elsewhere, null)).toBeGreaterThan(0.05);
    expect(gainOf(elsewhere, common)).toBeLessThan(gainOf(elsewhere, null) / 3);
  });

  test('is the query itself where there are none to compare with, or nothing else in it', () => {
    const [click] = clicks;
    if (click === undefined) throw new Error('no click');
    expect(toEvidence(click, { now, common: null }).query).toEqual(asked);
    expect(toEvidence({ ...click, query: common }, { now, common }).query).toEqual(common);
  });
});
