import type { AdjustmentEvidence, VectorAdjuster } from '../spec/index.ts';
import { type ConformanceCheck, check, expectSame, expectThat } from './check.ts';

const now = new Date('2026-06-01T00:00:00Z');
const dims = 16;

/** Guarantees of a vector adjuster. */
export function vectorAdjusterChecks(
  plugin: VectorAdjuster,
  fixture: { config: Record<string, unknown> },
): ConformanceCheck[] {
  const config = plugin.config.parse(fixture.config);
  const item = axis(0);
  const wanted = blend(axis(0), axis(1));
  // Each call has a vector of its own: one that is changed must not hide in the next.
  const adjust = (evidence: AdjustmentEvidence[]) => plugin.adjust({ vector: axis(0), evidence, now }, config);
  const many = evidenceOf(wanted, 50);
  return [
    check('no evidence gives the vector back', () => expectSame([...adjust([])], [...item], 'the vector moved')),
    check('the result has unit length, the same dimensions and finite values', () => {
      const cases = [many, evidenceOf(axis(0), 50), evidenceOf(negated(item), 50), evidenceOf(wanted, 1)];
      const passedOver = evidenceOf(wanted, 30).map((each) => ({ ...each, kind: 'negative' as const }));
      for (const evidence of [...cases, passedOver, [...many, ...passedOver]]) {
        const moved = adjust(evidence);
        expectThat(moved.length === dims && moved.every(Number.isFinite), 'dimensions or values are wrong');
        expectThat(Math.abs(Math.hypot(...moved) - 1) < 1e-5, `length ${Math.hypot(...moved)}`);
      }
    }),
    check('what is wanted for a query comes nearer to it', () =>
      expectThat(dot(adjust(many), wanted) > dot(item, wanted) + 1e-6, 'the item did not come nearer'),
    ),
    check('one voice, however loud, moves less than many', () => {
      const loud = many.map((each) => ({ ...each, voice: 'one' }));
      expectThat(dot(adjust(loud), item) > dot(adjust(many), item), 'one voice counts as many');
    }),
    check('what is passed over does not come nearer', () => {
      const passedOver = many.map((each) => ({ ...each, kind: 'negative' as const }));
      expectThat(dot(adjust(passedOver), wanted) <= dot(item, wanted) + 1e-6, 'it came nearer');
    }),
    check('equal input gives equal output and stays as it was', () => {
      const vector = axis(0);
      const one = [...plugin.adjust({ vector, evidence: many, now }, config)];
      expectSame([...vector], [...item], 'the vector given was changed');
      expectSame(one, [...adjust(many)], 'two calls');
    }),
  ];
}

function axis(at: number): Float32Array {
  return Float32Array.from({ length: dims }, (_, index) => (index === at ? 1 : 0));
}

function blend(one: Float32Array, other: Float32Array): Float32Array {
  return one.map((value, at) => (value + (other[at] ?? 0)) / Math.SQRT2);
}

function negated(vector: Float32Array): Float32Array {
  return vector.map((value) => (value === 0 ? 0 : -value));
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

function evidenceOf(vector: Float32Array, count: number): AdjustmentEvidence[] {
  return Array.from({ length: count }, (_, at) => ({
    vector,
    weight: 1,
    kind: 'positive',
    voice: `voice ${at}`,
    at: now,
  }));
}
