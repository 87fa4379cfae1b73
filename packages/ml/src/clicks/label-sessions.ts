import type { LabelledImpression, SessionWithEvents } from '@embedding-studio/contracts';
import { findAskedAgain } from './asked-again.ts';
import { debiasClicks } from './debias-weights.ts';
import {
  type JudgedClick,
  type LabelOptions,
  labelClicked,
  labelMarked,
  labelUnclicked,
  listClicks,
} from './label-session.ts';
import { normaliseQuery } from './normalise-query.ts';
import { cleanSessions, countReasons, type DropReason, isRejection } from './session-hygiene.ts';

export interface LabelledSessions {
  /** The rows of each session that has any, top of the list first; made anew by every walk, so that none need be held. */
  rows: Iterable<LabelledImpression[]>;
  /** Sessions that give no training query, by reason. A marked list that adds to other sessions' negatives is not counted. */
  dropped: Partial<Record<DropReason, number>>;
}

type Clicks = ReadonlyMap<SessionWithEvents, readonly JudgedClick[]>;

/**
 * Sessions → one labelled row for every shown item that says something, or is kept apart because it does not. With
 * propensities the clicks of a query are weighed against each other over all of its sessions. Beside the sessions with clicks
 * there are rows of lists marked as irrelevant, where others clicked for the same query, and of lists that nobody clicked
 * on before asking something else.
 */
export function labelSessions(sessions: readonly SessionWithEvents[], options: LabelOptions = {}): LabelledSessions {
  const { usable, flaws } = cleanSessions(sessions, options);
  const clicksOf = debiasByQuery(usable, options);
  const wanted = findWanted(clicksOf);
  const askedAgain = findAskedAgain(sessions);
  const isUsedMark = (session: SessionWithEvents) => isRejection(session) && wanted.has(normaliseQuery(session.query));
  const label = (session: SessionWithEvents): LabelledImpression[] => {
    const clicks = clicksOf.get(session);
    if (clicks !== undefined) return labelClicked(session, clicks, options);
    if (isUsedMark(session))
      return labelMarked(session, wanted.get(normaliseQuery(session.query)) ?? new Set(), options);
    return flaws.get(session) === 'no_clicks' ? labelUnclicked(session, askedAgain.has(session), options) : [];
  };
  const dropped = countReasons([...flaws].filter(([session]) => !isUsedMark(session)).map(([, flaw]) => flaw));
  return { rows: { [Symbol.iterator]: () => walk(sessions, label) }, dropped };
}

function* walk(
  sessions: readonly SessionWithEvents[],
  label: (session: SessionWithEvents) => LabelledImpression[],
): Generator<LabelledImpression[]> {
  for (const session of sessions) {
    const rows = label(session);
    if (rows.length > 0) yield rows;
  }
}

function debiasByQuery(sessions: readonly SessionWithEvents[], options: LabelOptions): Clicks {
  const debiased = new Map(sessions.map((session) => [session, listClicks(session, options)]));
  if (options.propensities === undefined) return debiased;
  const byQuery = new Map<string, (JudgedClick & { session: SessionWithEvents })[]>();
  for (const [session, clicks] of debiased) {
    const key = normaliseQuery(session.query);
    const own = byQuery.get(key) ?? [];
    byQuery.set(key, own);
    for (const click of clicks) own.push({ ...click, session });
    debiased.set(session, []);
  }
  for (const own of byQuery.values())
    for (const { session, ...click } of debiasClicks(own, options)) debiased.get(session)?.push(click);
  return debiased;
}

/** Normalised query → items that somebody clicked for it. */
function findWanted(clicksOf: Clicks): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const [session, clicks] of clicksOf) {
    const key = normaliseQuery(session.query);
    const items = wanted.get(key) ?? new Set();
    wanted.set(key, items);
    for (const { itemId } of clicks) items.add(itemId);
  }
  return wanted;
}
