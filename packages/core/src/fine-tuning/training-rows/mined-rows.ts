import type { LabelledImpression, TrainingQuery } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';

/** Session id → rows of the hard negatives of its query; each query has them once, at the first of its sessions. */
export function listMinedRows(queries: readonly TrainingQuery[]): Map<string, LabelledImpression[]> {
  const mined = new Map<string, LabelledImpression[]>();
  const known = new Set<string>();
  for (const { queryId: sessionId, text: query, hardNegatives = [] } of queries) {
    const key = normaliseQuery(query);
    if (hardNegatives.length === 0 || known.has(key)) continue;
    known.add(key);
    const rows = hardNegatives.map(
      (itemId): LabelledImpression => ({
        ...{ sessionId, query, itemId, position: null, order: 'ranked', label: 'mined', weight: 1 },
        ...{ satisfaction: null, propensity: null, why: 'hard_negative', event: null, dwellSeconds: null },
      }),
    );
    mined.set(sessionId, rows);
  }
  return mined;
}
