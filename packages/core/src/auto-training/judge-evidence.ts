import type { Rollout, TrainingPolicy } from '@embedding-studio/contracts';
import { formatCount } from '../evaluation/gate-numbers.ts';
import { isMoving } from '../rollout/request-next-step.ts';

export interface NewEvidence {
  usable: number;
  queries: number;
}

export interface PolicyVerdict {
  isDue: boolean;
  /** What is missing, or what has been reached, as a sentence. */
  words: string;
}

const hourMs = 3_600_000;

/** Is it time? `rollouts`: newest first. */
export function judgeEvidence(seen: {
  policy: TrainingPolicy;
  evidence: NewEvidence;
  rollouts: readonly Rollout[];
  now: Date;
}): PolicyVerdict {
  const { policy, evidence, now } = seen;
  const moving = seen.rollouts.find((rollout) => isMoving(rollout));
  if (moving !== undefined) return wait(`rollout ${moving.id} is ${moving.state}`);
  const proposed = seen.rollouts.find(isProposal);
  if (proposed !== undefined) return wait(`rollout ${proposed.id} is ready and waits for somebody to promote it`);
  const last = seen.rollouts.find(({ isInitial, foldsOverlay }) => !isInitial && foldsOverlay !== true);
  const hours = last === undefined ? Infinity : (now.getTime() - last.createdAt.getTime()) / hourMs;
  if (hours < policy.hoursBetween)
    return wait(`the last run began ${hours.toFixed(1)} h ago, ${formatCount(policy.hoursBetween)} h must lie between`);
  const missing = [
    ...(evidence.usable < policy.sessionsMin
      ? [share(evidence.usable, policy.sessionsMin, 'new usable sessions')]
      : []),
    ...(evidence.queries < policy.queriesMin ? [share(evidence.queries, policy.queriesMin, 'different queries')] : []),
  ];
  if (missing.length > 0) return wait(missing.join(', '));
  const reached = `${formatCount(evidence.usable)} new usable sessions with ${formatCount(evidence.queries)} queries`;
  return { isDue: true, words: `Enough new evidence: ${reached}.` };
}

/** Verified, and for a person to decide about. */
function isProposal(rollout: Rollout): boolean {
  return rollout.state === 'verified' && rollout.switches === false && !rollout.isInitial;
}

const wait = (why: string): PolicyVerdict => ({ isDue: false, words: `Waits: ${why}.` });
const share = (have: number, wanted: number, of: string): string =>
  `${formatCount(have)} of ${formatCount(wanted)} ${of}`;
