import type { GoldenScore } from '@embedding-studio/contracts';
import { ndcgAt } from '@embedding-studio/ml/ranking';

export interface GoldenQuery {
  queryKey: string;
  query: string;
  /** Item → mean grade, 0–3. */
  grades: Record<string, number>;
  gradesHash: string;
}

const depth = 10;
const relevantFrom = 1;

/** How good a list is by the grades; what nobody has judged counts as not relevant. */
export function scoreQuery({ queryKey, grades, gradesHash }: GoldenQuery, ids: readonly string[]): GoldenScore {
  const shown = ids.slice(0, depth);
  const first = shown.findIndex((id) => (grades[id] ?? 0) >= relevantFrom);
  const judged = shown.filter((id) => grades[id] !== undefined).length;
  return {
    queryKey,
    ndcg10: ndcgAt(shown, grades, depth),
    mrr10: first < 0 ? 0 : 1 / (first + 1),
    judged10: shown.length === 0 ? 0 : judged / shown.length,
    gradesHash,
  };
}
