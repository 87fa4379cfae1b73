import type { GateLatency, GateReport } from '@embedding-studio/contracts';
import { type AnchorMeasurement, meanMetrics } from '@embedding-studio/ml/ranking';
import { formatCount, formatDelta, formatNumber, type Verdict } from './gate-numbers.ts';
import type { GateQuery } from './gate-query.ts';
import { defaultGateRules, type GateRules } from './gate-rules.ts';
import { judgeAnchor } from './judge-anchor.ts';
import { judgeLatency } from './judge-latency.ts';
import { judgeSegments } from './judge-segments.ts';
import { countOutcomes, listWorst, measureDelta } from './measure-delta.ts';

export interface GateInput {
  queries: readonly GateQuery[];
  /** null when it could not be measured: the gate then says so and rejects. */
  anchor: AnchorMeasurement | null;
  /** Absent or null: not measured, and not judged. */
  latency?: GateLatency | null;
  seed: number;
  rules?: Partial<GateRules>;
}

/** Accepts only when every rule holds; each rule leaves one sentence with its numbers, those that reject apart. */
export function decideGate(input: GateInput): GateReport {
  const { queries, anchor, seed, latency = null } = input;
  const rules = { ...defaultGateRules, ...input.rules };
  const unseen = queries.filter(({ isUnseen }) => isUnseen);
  const { segments, verdicts: ofSegments } = judgeSegments(queries, rules, seed);
  const verdicts = [
    judgeOverall(queries, rules, seed),
    judgeUnseen({ queries, unseen, rules, seed }),
    judgeAnchor(anchor, rules),
    ...judgeLatency(latency, rules),
    ...ofSegments,
  ];
  const listReasons = (isMet: boolean) => verdicts.filter((one) => one.isMet === isMet).map(({ reason }) => reason);
  const [failures, held] = [listReasons(false), listReasons(true)];
  return {
    decision: failures.length > 0 ? 'rejected' : 'accepted',
    reasons: failures.length > 0 ? failures : held,
    held: failures.length > 0 ? held : [],
    queries: queries.length,
    delta: measureDelta(queries, seed),
    unseen: unseen.length > 0 ? { queries: unseen.length, delta: measureDelta(unseen, seed) } : null,
    anchor: anchor && {
      ...{ texts: anchor.texts, neighbourOverlap: anchor.neighbourOverlap, ...anchor.after, before: anchor.before },
    },
    before: meanMetrics(queries.map(({ before }) => before)),
    after: meanMetrics(queries.map(({ after }) => after)),
    ...countOutcomes(queries),
    worst: listWorst(queries),
    segments,
    latency,
  };
}

function judgeOverall(queries: readonly GateQuery[], rules: GateRules, seed: number): Verdict {
  if (queries.length < rules.queriesMin)
    return {
      isMet: false,
      reason: `Not enough evidence: ${formatCount(queries.length)} held-out queries, at least ${rules.queriesMin} are needed.`,
    };
  const delta = measureDelta(queries, seed);
  const numbers = `nDCG@10 on ${formatCount(queries.length)} held-out queries changes by ${formatDelta(delta)}`;
  return delta.lo > 0
    ? { isMet: true, reason: `${numbers}: a gain beyond chance.` }
    : { isMet: false, reason: `${numbers}: the lower bound must be above 0.` };
}

/**
 * Too few queries about unseen items reject, because nothing then shows that items without clicks do not lose.
 * When every held-out query is about unseen items the overall rule is the stricter one, and is enough.
 */
function judgeUnseen(input: {
  queries: readonly GateQuery[];
  unseen: readonly GateQuery[];
  rules: GateRules;
  seed: number;
}): Verdict {
  const { queries, unseen, rules, seed } = input;
  if (queries.length > 0 && unseen.length === queries.length)
    return {
      isMet: true,
      reason: `All ${formatCount(unseen.length)} held-out queries are about items that training never clicked.`,
    };
  if (unseen.length < rules.unseenQueriesMin)
    return {
      isMet: false,
      reason: `Not enough evidence on unseen items: ${formatCount(unseen.length)} held-out queries about items that training never clicked, at least ${rules.unseenQueriesMin} are needed.`,
    };
  const delta = measureDelta(unseen, seed);
  const numbers = `On ${formatCount(unseen.length)} queries about unseen items nDCG@10 changes by ${formatDelta(delta)}`;
  const isMet = delta.mean >= 0 && delta.lo >= rules.unseenLowerBoundMin;
  const rule = `the mean must not be below 0 and the lower bound not below ${formatNumber(rules.unseenLowerBoundMin)}`;
  return { isMet, reason: isMet ? `${numbers}: unseen items do not lose.` : `${numbers}: ${rule}.` };
}
