import type { GateSegment } from '@embedding-studio/contracts';
import { adjustHolm, meanOf, randomisationTest } from '@embedding-studio/stats';
import { formatCount, formatDelta, type Verdict } from './gate-numbers.ts';
import type { GateQuery } from './gate-query.ts';
import type { GateRules } from './gate-rules.ts';
import { listChanges, measureDelta } from './measure-delta.ts';

const level = 0.05;
const resamples = 4_000;

/**
 * Every segment with enough queries is judged; their p-values are adjusted together (Holm), so that many segments do
 * not make a false alarm more likely. Smaller ones are listed without a verdict.
 */
export function judgeSegments(
  queries: readonly GateQuery[],
  rules: GateRules,
  seed: number,
): { segments: GateSegment[]; verdicts: Verdict[] } {
  const names = [...new Set(queries.flatMap(({ segments }) => segments))].sort();
  const all = names.map((name) => ({ name, inside: queries.filter(({ segments }) => segments.includes(name)) }));
  const judged = all.filter(({ inside }) => inside.length >= rules.segmentQueriesMin);
  const adjusted = adjustHolm(judged.map(({ inside }) => testLoss(inside, seed)));
  const pOf = new Map(judged.map(({ name }, index) => [name, adjusted[index] ?? 1]));
  const segments = all.map(({ name, inside }): GateSegment => {
    const delta = measureDelta(inside, seed);
    const before = meanOf(inside.map((query) => query.before.ndcg10));
    const p = pOf.get(name) ?? null;
    const isLoss = p !== null && p < level && delta.mean < -rules.segmentLossMax * before;
    return { name, queries: inside.length, before, delta, p, isLoss };
  });
  return { segments, verdicts: segments.flatMap((segment) => sayVerdict(segment, rules)) };
}

/** A segment that gains cannot raise an alarm, whatever its p-value. */
function testLoss(inside: readonly GateQuery[], seed: number): number {
  const changes = listChanges(inside);
  if (meanOf(changes) >= 0) return 1;
  const result = randomisationTest(changes, { resamples, seed });
  return result.kind === 'estimated' ? result.p : 1;
}

function sayVerdict({ name, queries, delta, p, isLoss }: GateSegment, rules: GateRules): Verdict[] {
  if (p === null) return [];
  const numbers = `Segment "${name}" (${formatCount(queries)} queries) changes by ${formatDelta(delta)}`;
  const loss = `a loss of more than ${rules.segmentLossMax * 100} % that chance does not explain (Holm p ${p.toFixed(3)})`;
  return [{ isMet: !isLoss, reason: isLoss ? `${numbers}: ${loss}.` : `${numbers}.` }];
}
