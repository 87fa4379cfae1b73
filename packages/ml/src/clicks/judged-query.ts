import type { JudgedQuery, SessionWithEvents } from '@embedding-studio/contracts';
import { type ClickWeightOptions, weighClicks } from './click-weights.ts';
import { normaliseQuery } from './normalise-query.ts';
import { cleanSessions, type DropReason, findFlaw, isRejection } from './session-hygiene.ts';
import { orderShown } from './shown-order.ts';

/** Clicked = relevant with grade 1, shown = judged. */
export function sessionToJudgedQuery(
  session: SessionWithEvents,
  options: ClickWeightOptions = {},
): { judged: JudgedQuery } | { dropped: DropReason } {
  const flaw = findFlaw(session, options);
  if (flaw) return { dropped: flaw };
  const clicked = weighClicks(session, options);
  const shown = orderShown(session.shown);
  const relevant = Object.fromEntries(shown.filter((itemId) => clicked.has(itemId)).map((itemId) => [itemId, 1]));
  return { judged: { queryId: session.sessionId, text: session.query, relevant, judged: shown } };
}

/**
 * One judged query per distinct query, so that a frequent one counts once in a mean or a bootstrap. The grade of an
 * item is the share of the sessions showing it in which it was clicked; a list marked as irrelevant is one of those in
 * which it was not.
 */
export function sessionsToJudgedQueries(
  sessions: readonly SessionWithEvents[],
  options: ClickWeightOptions = {},
): { judged: JudgedQuery[]; dropped: Partial<Record<DropReason, number>> } {
  const { usable, dropped } = cleanSessions(sessions, options);
  const groups = new Map<string, JudgedQuery[]>();
  for (const session of usable) {
    const result = sessionToJudgedQuery(session, options);
    if ('dropped' in result) continue;
    const key = normaliseQuery(session.query);
    groups.set(key, [...(groups.get(key) ?? []), result.judged]);
  }
  for (const session of sessions.filter(isRejection)) {
    const group = groups.get(normaliseQuery(session.query));
    const judged = orderShown(session.shown);
    group?.push({ queryId: session.sessionId, text: session.query, relevant: {}, judged });
  }
  return { judged: [...groups.values()].map(mergeJudged), dropped };
}

function mergeJudged(group: JudgedQuery[]): JudgedQuery {
  const [first] = group as [JudgedQuery];
  if (group.length === 1) return first;
  const shown = new Map<string, number>();
  const clicked = new Map<string, number>();
  for (const { judged, relevant } of group) {
    for (const itemId of judged) shown.set(itemId, (shown.get(itemId) ?? 0) + 1);
    for (const itemId of Object.keys(relevant)) clicked.set(itemId, (clicked.get(itemId) ?? 0) + 1);
  }
  const grades = [...clicked].map(([itemId, clicks]) => [itemId, clicks / (shown.get(itemId) ?? clicks)] as const);
  return { queryId: first.queryId, text: first.text, relevant: Object.fromEntries(grades), judged: [...shown.keys()] };
}
