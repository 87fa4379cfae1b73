import type { TrainingRow, TrainingSetSummary } from '@embedding-studio/contracts';
import { effectiveSize } from '@embedding-studio/ml/clicks';

type Counts = Pick<
  TrainingSetSummary,
  'rows' | 'rowsUsed' | 'sessions' | 'queries' | 'items' | 'labels' | 'effectivePairs'
>;

/** Counts rows as they go by. */
export function createRowCounts(): { add(row: TrainingRow): void; sum(): Counts } {
  const [sessions, queries, items] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const labels: TrainingSetSummary['labels'] = {};
  const [weights, satisfactions]: [number[], number[]] = [[], []];
  let [rows, rowsUsed] = [0, 0];
  return {
    add: ({ sessionId, queryId, itemId, label, why, isUsed, weight, satisfaction }) => {
      sessions.add(sessionId);
      queries.add(queryId);
      items.add(itemId);
      const byReason = labels[label] ?? {};
      labels[label] = { ...byReason, [why]: (byReason[why] ?? 0) + 1 };
      rows++;
      if (!isUsed) return;
      rowsUsed++;
      if (satisfaction === null) return;
      weights.push(weight);
      satisfactions.push(satisfaction);
    },
    sum: () => ({
      ...{ rows, rowsUsed, sessions: sessions.size, queries: queries.size, items: items.size, labels },
      effectivePairs: { weighed: effectiveSize(weights), satisfaction: effectiveSize(satisfactions) },
    }),
  };
}
