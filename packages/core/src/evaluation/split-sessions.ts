import type { SessionWithEvents } from '@embedding-studio/contracts';
import { weighClicks } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { groupQueries, type NearNames } from './group-queries.ts';

export interface SplitOptions {
  /** Share of the query groups kept for the gate, unless sessions are marked for validation. */
  heldOutShare: number;
  /** Largest share of the training side's clicked items that is declared unseen; fewer once there is evidence enough. */
  unseenItemShare: number;
  seed: number;
  /** Queries that a model hardly tells apart, besides those that spelling joins. */
  near?: NearNames;
}

export interface SessionSplit {
  train: SessionWithEvents[];
  /** Held out, with at least one clicked item that training sessions click too. */
  heldOut: SessionWithEvents[];
  /** Held out, and no training session clicks any of their clicked items. Disjoint from `heldOut`. */
  heldOutUnseen: SessionWithEvents[];
  /** As the split was drawn by; whatever splits a side further goes by it too. */
  near?: NearNames;
}

// An item that more than this share of the sessions click is never declared unseen: it would cost too much training.
const popularShare = 0.005;
/** Sessions all of whose clicks are on unseen items; more would cost training without telling the gate more. */
const unseenSessionsEnough = 600;

/**
 * Splits by query group. Sessions with `searchMeta.split === 'validation'` are always held out; when there are any,
 * none is drawn at random. In both cases every session that clicks an item declared unseen leaves training.
 */
export function splitSessions(sessions: readonly SessionWithEvents[], options: SplitOptions): SessionSplit {
  const groups = groupQueries(
    sessions.map(({ query }) => query),
    options.near,
  );
  const heldOutGroups = chooseHeldOutGroups(sessions, groups, options);
  const inside = sessions.filter((_, index) => !heldOutGroups.has(groups[index] ?? -1));
  const unseen = chooseUnseenItems(inside, options);
  sessions.forEach((session, index) => {
    if (listClicked(session).some((itemId) => unseen.has(itemId))) heldOutGroups.add(groups[index] ?? -1);
  });
  const isHeldOut = (index: number) => heldOutGroups.has(groups[index] ?? -1);
  const train = sessions.filter((_, index) => !isHeldOut(index));
  const trained = new Set(train.flatMap(listClicked));
  const outside = sessions.filter((_, index) => isHeldOut(index));
  const isUnseen = (session: SessionWithEvents) => {
    const clicked = listClicked(session);
    return clicked.length > 0 && clicked.every((itemId) => !trained.has(itemId));
  };
  return {
    train,
    heldOut: outside.filter((session) => !isUnseen(session)),
    heldOutUnseen: outside.filter(isUnseen),
    ...(options.near && { near: options.near }),
  };
}

function chooseHeldOutGroups(
  sessions: readonly SessionWithEvents[],
  groups: readonly number[],
  options: SplitOptions,
): Set<number> {
  const marked = groups.filter((_, index) => sessions[index]?.searchMeta?.split === 'validation');
  if (marked.length > 0) return new Set(marked);
  const all = [...new Set(groups)];
  const wanted = Math.round(all.length * options.heldOutShare);
  return new Set(shuffle(all, createRandom(options.seed)).slice(0, wanted));
}

function chooseUnseenItems(sessions: readonly SessionWithEvents[], options: SplitOptions): Set<string> {
  const sessionsOf = new Map<string, number[]>();
  const seenClicks = sessions.map((session, index) => {
    const clicked = listClicked(session);
    for (const itemId of clicked) sessionsOf.set(itemId, [...(sessionsOf.get(itemId) ?? []), index]);
    return clicked.length;
  });
  const wanted = Math.round(sessionsOf.size * options.unseenItemShare);
  const popular = Math.max(2, popularShare * sessions.length);
  const eligible = [...sessionsOf].filter(([, at]) => at.length <= popular).map(([itemId]) => itemId);
  const unseen = new Set<string>();
  let unseenSessions = 0;
  for (const itemId of shuffle(eligible.sort(), createRandom(options.seed + 1))) {
    if (unseen.size >= wanted || unseenSessions >= unseenSessionsEnough) break;
    unseen.add(itemId);
    for (const index of sessionsOf.get(itemId) ?? []) {
      seenClicks[index] = (seenClicks[index] ?? 0) - 1;
      if (seenClicks[index] === 0) unseenSessions++;
    }
  }
  return unseen;
}

function listClicked(session: SessionWithEvents): string[] {
  return [...weighClicks(session).keys()];
}
