import type { Delta, GateReport, MetricMeans } from '@embedding-studio/contracts';
import { countOutcomes, listWorst, measureDelta } from '@embedding-studio/core/evaluation';
import { meanMetrics } from '@embedding-studio/ml/ranking';
import type { NamedSplit } from '../datasets/index.ts';
import type { EvalReport, SplitReport } from './eval-report.ts';
import type { Measured, MeasuredQuery } from './measure-queries.ts';

export interface ReportInput {
  dataset: string;
  model: string;
  seed: number;
  splits: readonly NamedSplit[];
  before: Measured;
  after: Measured;
  gate: EvalReport['gate'];
  timings: Readonly<Record<string, number>>;
}

interface Pair {
  text: string;
  before: MeasuredQuery;
  after: MeasuredQuery;
}

export function buildReport(input: ReportInput): EvalReport {
  const splits = input.splits.map((split) => [split.name, describeSplit(pairUp(split, input), input.seed)] as const);
  const seconds = Object.entries(input.timings).map(([name, value]) => [name, Math.round(value * 100) / 100]);
  return {
    dataset: input.dataset,
    model: input.model,
    seed: input.seed,
    splits: Object.fromEntries(splits),
    gate: { decision: input.gate.decision, reasons: [...input.gate.reasons] },
    timings_s: Object.fromEntries(seconds),
  };
}

/** The ten queries of a split that lose most, as users see them. */
export function listRegressions(split: NamedSplit, sides: Pick<ReportInput, 'before' | 'after'>): GateReport['worst'] {
  return listWorst(
    pairUp(split, sides).map(({ text, before, after }) => ({ text, before: before.fused, after: after.fused })),
  );
}

function describeSplit(pairs: readonly Pair[], seed: number): SplitReport {
  const fused = pairs.map(({ before, after }) => ({ before: before.fused, after: after.fused }));
  const vector = pairs.map(({ before, after }) => ({ before: before.vector, after: after.vector }));
  const vectorMeans = meansOf(vector);
  return {
    n: pairs.length,
    ...meansOf(fused),
    delta: { ndcg10: deltaOf(fused, seed) },
    ...countOutcomes(fused),
    legs: {
      vector: {
        before: { ndcg10: vectorMeans.before.ndcg10 },
        after: { ndcg10: vectorMeans.after.ndcg10 },
        delta: deltaOf(vector, seed),
      },
      lexical: { ndcg10: meanMetrics(pairs.map(({ after }) => after.lexical)).ndcg10 },
    },
  };
}

/** Nothing changed means nothing changed, however few queries there are to tell. */
function deltaOf(sides: readonly { before: MetricMeans; after: MetricMeans }[], seed: number): Delta {
  if (sides.every(({ before, after }) => before.ndcg10 === after.ndcg10)) return { mean: 0, lo: 0, hi: 0 };
  return measureDelta(sides, seed);
}

function meansOf(sides: readonly { before: MetricMeans; after: MetricMeans }[]) {
  return {
    before: meanMetrics(sides.map(({ before }) => before)),
    after: meanMetrics(sides.map(({ after }) => after)),
  };
}

function pairUp(split: NamedSplit, sides: Pick<ReportInput, 'before' | 'after'>): Pair[] {
  return split.queries.flatMap(({ queryId, text }) => {
    const before = sides.before.get(queryId);
    const after = sides.after.get(queryId);
    return before && after ? [{ text, before, after }] : [];
  });
}
