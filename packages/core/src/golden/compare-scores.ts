import type { GoldenChange, GoldenScore } from '@embedding-studio/contracts';
import { pairedBootstrap } from '@embedding-studio/stats';

const seed = 7;
/** Fewer say nothing about a search. */
const queriesMin = 5;

/**
 * The change of nDCG@10 over queries that both runs asked by the same grades. An alert needs both: a fall of more than
 * `dropMin`, and an interval that lies below zero as a whole. null: too few queries in common.
 */
export function compareScores(
  before: readonly GoldenScore[],
  after: readonly GoldenScore[],
  dropMin: number,
): Omit<GoldenChange, 'runId'> | null {
  const old = new Map(before.map((score) => [score.queryKey, score]));
  const differences = after.flatMap(({ queryKey, gradesHash, ndcg10 }) => {
    const other = old.get(queryKey);
    return other === undefined || other.gradesHash !== gradesHash ? [] : [ndcg10 - other.ndcg10];
  });
  if (differences.length < queriesMin) return null;
  const result = pairedBootstrap(differences, { seed });
  if (result.kind !== 'estimated') return null;
  const { mean, lo, hi } = result;
  return { queries: differences.length, mean, lo, hi, isAlert: hi < 0 && mean < -dropMin };
}
