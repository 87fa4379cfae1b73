import type { SessionFacts, SessionTraits, SessionWithEvents } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { type Asked, findContinuations, reformulationMs } from './continuations.ts';
import { type Described, describeSession, queryOf } from './session-facts.ts';
import type { Continuation } from './session-traits.ts';

export interface Refreshed {
  /** Only what differs from what is stored; without their sequence. */
  changed: Described['facts'][];
  traits: Map<string, SessionTraits>;
  /** Hours whose counts no longer hold. */
  hours: Date[];
}

/** Describes these sessions anew, and those that their users asked shortly before. Reads only. */
export async function refreshFacts(ctx: Ctx, sessionIds: readonly string[]): Promise<Refreshed> {
  const { analytics, sessions: store } = ctx.deps;
  const given = await store.findSessions(sessionIds);
  const around = await findAround(ctx, given);
  const known = new Set(given.map(({ sessionId }) => sessionId));
  const before = findBefore(given, around).filter((sessionId) => !known.has(sessionId));
  const sessions = before.length === 0 ? given : [...given, ...(await store.findSessions(before))];
  const continuations = judgeAll(sessions, around);
  const described = sessions.flatMap((session) =>
    tryDescribe(ctx, session, continuations.get(session.sessionId) ?? null),
  );
  const stored = new Map(
    (await analytics.findFacts(sessions.map(({ sessionId }) => sessionId))).map((facts) => [facts.sessionId, facts]),
  );
  const changed = described.filter(({ facts }) => isNews(facts, stored.get(facts.sessionId)));
  return {
    changed: changed.map(({ facts }) => facts),
    traits: new Map(changed.map(({ facts, traits }) => [facts.traitsKey, traits])),
    hours: changed.map(({ facts }) => hourOf(facts.at)),
  };
}

/** One session that cannot be described, as one of a damaged document, must not stop all that come behind it. */
function tryDescribe(ctx: Ctx, session: SessionWithEvents, continuation: Continuation): Described[] {
  try {
    return [describeSession(session, continuation)];
  } catch (error) {
    const { sessionId } = session;
    ctx.deps.log.error({ error, sessionId }, 'A session cannot be described: analytics go on without it');
    return [];
  }
}

const hourMs = 3_600_000;

export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / hourMs) * hourMs);
}

function isNews(facts: Described['facts'], stored: SessionFacts | undefined): boolean {
  if (stored === undefined) return true;
  const { sequence: _sequence, ...same } = stored;
  const names = Object.keys(facts) as (keyof Described['facts'])[];
  return names.some((name) => JSON.stringify(facts[name]) !== JSON.stringify(same[name]));
}

async function findAround(ctx: Ctx, sessions: readonly SessionWithEvents[]): Promise<SessionFacts[]> {
  const windows = sessions.flatMap(({ userId, createdAt }) =>
    userId === undefined
      ? []
      : {
          userId,
          from: new Date(createdAt.getTime() - reformulationMs),
          to: new Date(createdAt.getTime() + reformulationMs),
        },
  );
  return windows.length === 0 ? [] : ctx.deps.analytics.findFactsOfUsers(windows);
}

/** Stored searches of the same users that one of the given follows within the time that counts. */
function findBefore(given: readonly SessionWithEvents[], around: readonly SessionFacts[]): string[] {
  const times = new Map<string, number[]>();
  for (const { userId, createdAt } of given)
    if (userId !== undefined) times.set(userId, [...(times.get(userId) ?? []), createdAt.getTime()]);
  return around
    .filter(({ userId, at }) =>
      times.get(userId ?? '')?.some((time) => time >= at.getTime() && time - at.getTime() <= reformulationMs),
    )
    .map(({ sessionId }) => sessionId);
}

function judgeAll(sessions: readonly SessionWithEvents[], around: readonly SessionFacts[]): Map<string, Continuation> {
  const byUser = new Map<string, Map<string, Asked>>();
  const note = (userId: string, asked: Asked) => {
    const all = byUser.get(userId) ?? new Map<string, Asked>();
    byUser.set(userId, all.set(asked.sessionId, asked));
  };
  for (const { userId, sessionId, at, query } of around) if (userId !== null) note(userId, { sessionId, at, query });
  for (const { userId, sessionId, createdAt, query } of sessions)
    if (userId !== undefined) note(userId, { sessionId, at: createdAt, query: queryOf(query) });
  const judged = new Map<string, Continuation>();
  for (const asked of byUser.values())
    for (const [sessionId, continuation] of findContinuations([...asked.values()])) judged.set(sessionId, continuation);
  return judged;
}
