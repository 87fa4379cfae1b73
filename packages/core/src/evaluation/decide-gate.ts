import type { Delta, GateReport, MetricMeans } from '@embedding-studio/contracts';
import { type AnchorMeasurement, meanMetrics } from '@embedding-studio/ml/ranking';
import { meanOf, pairedBootstrap } from '@embedding-studio/stats';
import { defaultGateRules, type GateRules } from './gate-rules.ts';
import { judgeAnchor } from './judge-anchor.ts';

/** One held-out query, ranked by both sides as users would get it. */
export interface GateQuery {
  queryId: string;
  text: string;
  before: MetricMeans;
  after: MetricMeans;
  /** No training session clicked any item that it wants. */
  isUnseen: boolean;
  segments: readonly string[];
}

export interface GateInput {
  queries: readonly GateQuery[];
  /** null when it could not be measured: the gate then says so and rejects. */
  anchor: AnchorMeasurement | null;
  seed: number;
  rules?: Partial<GateRules>;
}

type Verdict = { isMet: boolean; reason: string };

const worstCount = 10;
const tieWidth = 1e-9;

/** Accepts only when every rule holds; each rule leaves one sentence with its numbers, failures first. */
export function decideGate(input: GateInput): GateReport {
  const { queries, anchor, seed } = input;
  const rules = { ...defaultGateRules, ...input.rules };
  const unseen = queries.filter(({ isUnseen }) => isUnseen);
  const verdicts = [
    judgeOverall(queries, rules, seed),
    judgeUnseen({ queries, unseen, rules, seed }),
    judgeAnchor(anchor, rules),
    ...judgeSegments(queries, rules, seed),
  ];
  const failures = verdicts.filter(({ isMet }) => !isMet);
  const reasons = (failures.length > 0 ? failures : verdicts).map(({ reason }) => reason);
  return {
    decision: failures.length > 0 ? 'rejected' : 'accepted',
    reasons,
    queries: queries.length,
    delta: measureDelta(queries, seed),
    unseen: unseen.length > 0 ? { queries: unseen.length, delta: measureDelta(unseen, seed) } : null,
    anchor: anchor && { texts: anchor.texts, neighbourOverlap: anchor.neighbourOverlap, ...anchor.after },
    before: meanMetrics(queries.map(({ before }) => before)),
    after: meanMetrics(queries.map(({ after }) => after)),
    ...countOutcomes(queries),
    worst: listWorst(queries),
  };
}

function judgeOverall(queries: readonly GateQuery[], rules: GateRules, seed: number): Verdict {
  if (queries.length < rules.queriesMin)
    return {
      isMet: false,
      reason: `Not enough evidence: ${queries.length} held-out queries, at least ${rules.queriesMin} are needed.`,
    };
  const delta = measureDelta(queries, seed);
  const numbers = `nDCG@10 on ${queries.length} held-out queries changes by ${formatDelta(delta)}`;
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
      reason: `All ${unseen.length} held-out queries are about items that training never clicked.`,
    };
  if (unseen.length < rules.unseenQueriesMin)
    return {
      isMet: false,
      reason: `Not enough evidence on unseen items: ${unseen.length} held-out queries about items that training never clicked, at least ${rules.unseenQueriesMin} are needed.`,
    };
  const delta = measureDelta(unseen, seed);
  const numbers = `On ${unseen.length} queries about unseen items nDCG@10 changes by ${formatDelta(delta)}`;
  const isMet = delta.mean >= 0 && delta.lo >= rules.unseenLowerBoundMin;
  const rule = `the mean must not be below 0 and the lower bound not below ${formatNumber(rules.unseenLowerBoundMin)}`;
  return { isMet, reason: isMet ? `${numbers}: unseen items do not lose.` : `${numbers}: ${rule}.` };
}

function judgeSegments(queries: readonly GateQuery[], rules: GateRules, seed: number): Verdict[] {
  const names = [...new Set(queries.flatMap(({ segments }) => segments))].sort();
  return names.flatMap((name) => {
    const inside = queries.filter(({ segments }) => segments.includes(name));
    if (inside.length < rules.segmentQueriesMin) return [];
    const delta = measureDelta(inside, seed);
    const floor = -rules.segmentLossMax * meanOf(inside.map(({ before }) => before.ndcg10));
    const isMet = !(delta.hi < 0 && delta.mean < floor);
    const numbers = `Segment "${name}" (${inside.length} queries) changes by ${formatDelta(delta)}`;
    return [
      { isMet, reason: isMet ? `${numbers}.` : `${numbers}: a loss of more than ${rules.segmentLossMax * 100} %.` },
    ];
  });
}

/** Mean change of nDCG@10 with its interval; a single query or none has the interval of total ignorance. */
export function measureDelta(queries: readonly Pick<GateQuery, 'before' | 'after'>[], seed: number): Delta {
  const differences = queries.map(({ before, after }) => after.ndcg10 - before.ndcg10);
  const result = pairedBootstrap(differences, { seed });
  if (result.kind === 'estimated') return { mean: result.mean, lo: result.lo, hi: result.hi };
  return { mean: meanOf(differences), lo: -1, hi: 1 };
}

export function countOutcomes(queries: readonly Pick<GateQuery, 'before' | 'after'>[]) {
  const changes = queries.map(({ before, after }) => after.ndcg10 - before.ndcg10);
  const wins = changes.filter((change) => change > tieWidth).length;
  const losses = changes.filter((change) => change < -tieWidth).length;
  return { wins, ties: changes.length - wins - losses, losses };
}

/** The ten queries that lose most. */
export function listWorst(queries: readonly Pick<GateQuery, 'text' | 'before' | 'after'>[]): GateReport['worst'] {
  return queries
    .map(({ text, before, after }) => ({ query: text, before: before.ndcg10, after: after.ndcg10 }))
    .filter(({ before, after }) => after - before < -tieWidth)
    .sort((left, right) => left.after - left.before - (right.after - right.before))
    .slice(0, worstCount);
}

export function formatDelta({ mean, lo, hi }: Delta): string {
  return `${formatNumber(mean)} (95 % interval ${formatNumber(lo)} to ${formatNumber(hi)})`;
}

function formatNumber(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
