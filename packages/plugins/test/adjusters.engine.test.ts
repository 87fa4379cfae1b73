import { expect, test } from 'vitest';
import { centroidPull } from '../src/adjusters/centroid-pull.ts';
import { deltaOverlay } from '../src/adjusters/delta-overlay.ts';
import type { AdjustmentEvidence } from '../src/spec/index.ts';

const now = new Date('2026-06-01T00:00:00Z');
const unit = (...values: number[]) => Float32Array.from(values, (value) => value / Math.hypot(...values));
const dot = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

const item = unit(1, 0, 0, 0);
const query = unit(1, 1, 0, 0);
const other = unit(0, 0, 1, 0);

function clicks(count: number, more: Partial<AdjustmentEvidence> = {}): AdjustmentEvidence[] {
  const one: AdjustmentEvidence = { vector: query, weight: 1, kind: 'positive', voice: null, at: now };
  return Array.from({ length: count }, (_, at) => ({ ...one, voice: `voice ${at}`, ...more }));
}

const overlay = (evidence: AdjustmentEvidence[]) =>
  deltaOverlay.adjust({ vector: item, evidence, now }, deltaOverlay.config.parse({}));

test('one click moves an item by about a hundredth: its topic stays', () => {
  const moved = overlay(clicks(1));
  expect(dot(moved, item)).toBeGreaterThan(0.9999);
  expect(dot(moved, query)).toBeGreaterThan(dot(item, query));
});

test('twenty clicks go half as far as endless ones, which stay inside the trust region', () => {
  const share = (evidence: AdjustmentEvidence[]) => {
    const moved = overlay(evidence);
    return (moved[1] ?? 0) / (moved[0] ?? 1);
  };
  const goal = (strength: number) => (strength * Math.SQRT1_2) / (1 - strength + strength * Math.SQRT1_2);
  expect(share(clicks(20))).toBeCloseTo(goal(0.15), 5);
  expect(dot(overlay(clicks(100_000)), item)).toBeGreaterThanOrEqual(0.97 - 1e-6);
  const far = clicks(100_000, { vector: other });
  expect(dot(overlay(far), item)).toBeCloseTo(0.97, 5);
});

test('evidence halves in thirty days', () => {
  const old = clicks(40, { at: new Date(now.getTime() - 30 * 86_400_000) });
  expect(dot(overlay(old), query)).toBeCloseTo(dot(overlay(clicks(20)), query), 6);
});

test('one voice counts as one click, or as a twentieth of all', () => {
  expect([...overlay(clicks(500, { voice: 'loud' }))]).toEqual([...overlay(clicks(1))]);
  const few = overlay([...clicks(10), ...clicks(500, { voice: 'loud' })]);
  expect(dot(few, item)).toBeCloseTo(dot(overlay(clicks(11)), item), 6);
  const many = overlay([...clicks(190), ...clicks(500, { voice: 'loud' })]);
  expect(dot(many, query)).toBeLessThan(dot(overlay(clicks(200)), query));
});

test('being passed over pushes only with enough evidence, and never away from what the item is clicked for', () => {
  const wrong = unit(0.8, 0, 0.6, 0);
  const passed = (count: number) => clicks(count, { kind: 'negative', vector: wrong });
  const base = overlay(clicks(50));
  expect([...overlay([...clicks(50), ...passed(19)])]).toEqual([...base]);
  const pushed = overlay([...clicks(50), ...passed(50)]);
  expect(dot(pushed, wrong)).toBeLessThan(dot(base, wrong));
  expect(dot(pushed, query)).toBeGreaterThanOrEqual(dot(base, query) - 1e-6);
  expect([...overlay(passed(500))]).toEqual([...item]);
});

test('the centroid pull turns by a share of the angle, up to its limit', () => {
  const pull = (count: number, config: Record<string, unknown> = {}) => {
    const moved = centroidPull.adjust(
      { vector: item, evidence: clicks(count), now },
      centroidPull.config.parse(config),
    );
    return (Math.acos(Math.min(1, dot(moved, item))) * 180) / Math.PI;
  };
  expect(pull(10)).toBeCloseTo(45 * 0.1 * 0.5, 1);
  expect(pull(100_000)).toBeCloseTo(4.5, 1);
  expect(pull(100_000, { share: 1 })).toBeCloseTo(8, 1);
});
