import type { Delta, GateReport } from '@embedding-studio/contracts';
import { meanOf, pairedBootstrap } from '@embedding-studio/stats';
import type { GateQuery } from './gate-query.ts';

const worstCount = 10;
const tieWidth = 1e-9;

/** Mean change of nDCG@10 with its interval; a single query or none has the interval of total ignorance. */
export function measureDelta(queries: readonly Pick<GateQuery, 'before' | 'after'>[], seed: number): Delta {
  const differences = listChanges(queries);
  const result = pairedBootstrap(differences, { seed });
  if (result.kind === 'estimated') return { mean: result.mean, lo: result.lo, hi: result.hi };
  return { mean: meanOf(differences), lo: -1, hi: 1 };
}

export function listChanges(queries: readonly Pick<GateQuery, 'before' | 'after'>[]): number[] {
  return queries.map(({ before, after }) => after.ndcg10 - before.ndcg10);
}

export function countOutcomes(queries: readonly Pick<GateQuery, 'before' | 'after'>[]) {
  const changes = listChanges(queries);
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
