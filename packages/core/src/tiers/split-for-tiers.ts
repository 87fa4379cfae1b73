import type { SessionWithEvents } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { groupQueries } from '../evaluation/group-queries.ts';
import type { SessionSplit } from '../evaluation/split-sessions.ts';

export interface TierSplit {
  /** What trains and what the gate asks. */
  split: SessionSplit;
  /** What the tiers are compared on. */
  judged: Pick<SessionSplit, 'heldOut' | 'heldOutUnseen'>;
  /** False where both are the same, because there are too few to share. */
  isApart: boolean;
}

/** Fewer would leave the gate too little to be sure of anything. */
const sessionsMin = 160;
const unseenMin = 60;

/** Half of what is held out chooses the tier, by query, so that the gate's verdict stays unspoilt by the choice. */
export function splitForTiers(split: SessionSplit, seed: number): TierSplit {
  const { heldOut, heldOutUnseen } = split;
  const all = [...heldOut, ...heldOutUnseen];
  if (all.length < sessionsMin || heldOutUnseen.length < unseenMin) return { split, judged: split, isApart: false };
  const groups = groupQueries(
    all.map(({ query }) => query),
    split.near,
  );
  const names = shuffle([...new Set(groups)], createRandom(seed));
  const chosen = new Set(names.slice(0, Math.floor(names.length / 2)));
  const ofTiers = new Set(all.filter((_, at) => chosen.has(groups[at] ?? -1)).map(({ sessionId }) => sessionId));
  const isOfTiers = ({ sessionId }: SessionWithEvents) => ofTiers.has(sessionId);
  const isOfGate = (session: SessionWithEvents) => !isOfTiers(session);
  return {
    split: { ...split, heldOut: heldOut.filter(isOfGate), heldOutUnseen: heldOutUnseen.filter(isOfGate) },
    judged: { heldOut: heldOut.filter(isOfTiers), heldOutUnseen: heldOutUnseen.filter(isOfTiers) },
    isApart: true,
  };
}
