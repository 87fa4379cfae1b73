import type { EvalReport } from './eval-report.ts';
import type { Measured } from './measure-queries.ts';
import type { LoopOutcome } from './run-loop.ts';

export interface FoldOutcome {
  fold: number;
  loop: LoopOutcome;
}

/**
 * One outcome over all queries: each was held out in one turn and is measured as in that turn, so that means and
 * intervals are over queries, not over turns.
 */
export function mergeFolds(turns: readonly FoldOutcome[]): LoopOutcome {
  const loops = turns.map(({ loop }) => loop);
  const names = [...new Set(loops.flatMap(({ splits }) => splits.map(({ name }) => name)))];
  return {
    splits: names.map((name) => ({
      name,
      queries: loops.flatMap(({ splits }) => splits.find((split) => split.name === name)?.queries ?? []),
    })),
    before: mergeMeasured(loops.map(({ before }) => before)),
    after: mergeMeasured(loops.map(({ after }) => after)),
    unfitted: null,
    gate: mergeGates(turns),
    tiers: null,
    isLive: loops.some(({ isLive }) => isLive),
    evidence: `${turns.length} folds, each of them ${[...new Set(loops.map(({ evidence }) => evidence))].join(' or ')}`,
    timings: sumTimings(loops.map(({ timings }) => timings)),
  };
}

function mergeMeasured(all: readonly Measured[]): Measured {
  return new Map(all.flatMap((measured) => [...measured]));
}

/** Accepted is what every turn accepted. */
function mergeGates(turns: readonly FoldOutcome[]): EvalReport['gate'] {
  const isAccepted = turns.every(({ loop }) => loop.gate.decision === 'accepted');
  return {
    decision: isAccepted ? 'accepted' : 'rejected',
    reasons: turns.map(({ fold, loop }) => `fold ${fold}: ${loop.gate.decision}. ${loop.gate.reasons.join(' ')}`),
  };
}

function sumTimings(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const timings of all)
    for (const [name, seconds] of Object.entries(timings)) sums[name] = (sums[name] ?? 0) + seconds;
  return sums;
}
