import type { SessionWithEvents } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { groupQueries, type NearNames } from '../evaluation/group-queries.ts';

const heldOutShare = 0.15;

/**
 * Splits the training side once more, by query: settings are chosen on queries that neither trained a trial nor will be
 * asked by the gate, so that the gate's verdict stays unspoilt by the choice.
 */
export function splitForSearch(
  sessions: readonly SessionWithEvents[],
  seed: number,
  near?: NearNames,
): { train: SessionWithEvents[]; judged: SessionWithEvents[] } {
  const groups = groupQueries(
    sessions.map(({ query }) => query),
    near,
  );
  const all = [...new Set(groups)];
  const wanted = Math.max(1, Math.round(all.length * heldOutShare));
  const heldOut = new Set(shuffle(all, createRandom(seed)).slice(0, wanted));
  return {
    train: sessions.filter((_, at) => !heldOut.has(groups[at] ?? -1)),
    judged: sessions.filter((_, at) => heldOut.has(groups[at] ?? -1)),
  };
}
