import type { LabelledImpression, TrainingQuery, TrainingRow } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { sha256 } from '../../content-hash.ts';

interface Given {
  weights: Map<string, number>;
  skipped: Set<string>;
}

/** Says of a labelled impression what the trainer was given of it: methods and missing items leave some out. */
export function createRowMarker(queries: readonly TrainingQuery[]): (row: LabelledImpression) => TrainingRow {
  const bySession = new Map<string, Given>();
  const skippedFor = new Map<string, Set<string>>();
  for (const { queryId, text, clicked, skipped } of queries) {
    const weights = new Map(clicked.map(({ itemId, weight }) => [itemId, weight]));
    bySession.set(queryId, { weights, skipped: new Set(skipped) });
    const key = normaliseQuery(text);
    const all = skippedFor.get(key) ?? new Set();
    skippedFor.set(key, all);
    for (const itemId of skipped) all.add(itemId);
  }
  const idOf = createQueryIds();
  return (row) => {
    const queryId = idOf(row.query);
    const given = bySession.get(row.sessionId);
    const trained = given?.weights.get(row.itemId);
    if (row.label === 'clicked')
      return { ...row, queryId, weight: trained ?? row.weight, isUsed: trained !== undefined };
    if (row.label === 'mined') return { ...row, queryId, isUsed: true };
    const isListMarked = row.why === 'list_marked';
    const skipped = isListMarked ? skippedFor.get(normaliseQuery(row.query)) : given?.skipped;
    return { ...row, queryId, isUsed: row.label !== 'unobserved' && skipped?.has(row.itemId) === true };
  };
}

/** The same for all spellings of one query, in every training set. Rows of a session follow one another. */
function createQueryIds(): (query: string) => string {
  let last = { query: '', queryId: '' };
  return (query) => {
    if (query !== last.query) last = { query, queryId: `q${sha256(normaliseQuery(query)).slice(0, 16)}` };
    return last.queryId;
  };
}
