import type { Continuation } from './session-traits.ts';

/** A query as the next one of the same user sees it. */
export interface Asked {
  sessionId: string;
  at: Date;
  query: string;
}

export const typingMs = 10_000;
export const reformulationMs = 60_000;

/** What the user's next search makes of each of these; `asked` are all of one user around them. */
export function findContinuations(asked: readonly Asked[]): Map<string, Continuation> {
  const inOrder = [...asked].sort(
    (left, right) => left.at.getTime() - right.at.getTime() || (left.sessionId < right.sessionId ? -1 : 1),
  );
  return new Map(inOrder.map((one, place) => [one.sessionId, judge(one, inOrder[place + 1])]));
}

function judge(one: Asked, next: Asked | undefined): Continuation {
  if (next === undefined) return null;
  const gap = next.at.getTime() - one.at.getTime();
  if (gap <= typingMs && goesOn(one.query, next.query)) return 'keystroke';
  return gap <= reformulationMs && next.query !== one.query ? 'reformulated' : null;
}

/** Typed on, taken back, or the same once more. */
function goesOn(query: string, next: string): boolean {
  return next.startsWith(query) || (next !== '' && query.startsWith(next));
}
