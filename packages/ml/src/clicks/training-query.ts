import type { LabelledImpression, SessionWithEvents, TrainingQuery } from '@embedding-studio/contracts';
import { debiasClicks } from './debias-weights.ts';
import { type LabelOptions, labelClicked, listClicks } from './label-session.ts';
import { labelSessions } from './label-sessions.ts';
import { normaliseQuery } from './normalise-query.ts';
import { type DropReason, findFlaw } from './session-hygiene.ts';

export type TrainingQueryOptions = LabelOptions;

export function sessionToTrainingQuery(
  session: SessionWithEvents,
  options: TrainingQueryOptions = {},
): { query: TrainingQuery } | { dropped: DropReason } {
  const flaw = findFlaw(session, options);
  if (flaw) return { dropped: flaw };
  return { query: toQuery(labelClicked(session, debiasClicks(listClicks(session, options), options), options)) };
}

/** Every usable session as a training query; the others counted by reason. */
export function sessionsToTrainingQueries(
  sessions: readonly SessionWithEvents[],
  options: TrainingQueryOptions = {},
): { queries: TrainingQuery[]; dropped: Partial<Record<DropReason, number>> } {
  const { rows, dropped } = labelSessions(sessions, options);
  return { queries: rowsToTrainingQueries(rows), dropped };
}

/**
 * Labelled rows, by session → what a trainer is given: sessions with clicks. A list marked as irrelevant adds its items
 * to what the other sessions of the same query passed over, unless one of them wanted the item.
 */
export function rowsToTrainingQueries(sessions: Iterable<readonly LabelledImpression[]>): TrainingQuery[] {
  const queries: TrainingQuery[] = [];
  const marked = new Map<string, Set<string>>();
  for (const rows of sessions) {
    if (rows.some(({ label }) => label === 'clicked')) queries.push(toQuery(rows));
    for (const { query, itemId } of rows.filter(({ why }) => why === 'list_marked')) {
      const key = normaliseQuery(query);
      marked.set(key, (marked.get(key) ?? new Set()).add(itemId));
    }
  }
  if (marked.size === 0) return queries;
  return queries.map((query) => {
    const added = marked.get(normaliseQuery(query.text));
    return added === undefined ? query : { ...query, skipped: [...new Set([...query.skipped, ...added])] };
  });
}

function toQuery(rows: readonly LabelledImpression[]): TrainingQuery {
  const clicked = rows.filter(({ label }) => label === 'clicked').map(({ itemId, weight }) => ({ itemId, weight }));
  const skipped = rows.filter(({ label }) => label === 'skipped' || label === 'rejected').map(({ itemId }) => itemId);
  return { queryId: rows[0]?.sessionId ?? '', text: rows[0]?.query ?? '', clicked, skipped };
}
