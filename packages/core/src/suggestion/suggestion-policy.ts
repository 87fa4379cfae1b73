import type { SuggestionPolicy } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';

/** Fewer people than this are never enough, whatever an operator would like. */
export const peopleMin = 5;

export function suggestionPolicy(now: Date): SuggestionPolicy {
  return { peopleMin, shrinkage: 5, halfLifeDays: 30, retentionDays: 180, now };
}

/** Who contributed a session, in a form that counts people and shows none. */
export function contributorCode(session: { sessionId: string; userId?: string }): string {
  return sha256(session.userId === undefined ? `session:${session.sessionId}` : `user:${session.userId}`);
}
