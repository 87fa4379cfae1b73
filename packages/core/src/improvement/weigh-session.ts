import type { SessionEvidence, SessionWithEvents } from '@embedding-studio/contracts';
import { isRejection, normaliseQuery, orderShown, sessionToTrainingQuery } from '@embedding-studio/ml/clicks';

const lookedAtMax = 10;
/** An item that was looked at and passed over says less than one that was opened. */
const passedWeight = -0.5;

/** What a session says about its items; nothing when it is of no use, which takes back what it said before. */
export function weighSession(session: SessionWithEvents, isUsable: boolean): SessionEvidence {
  const userKey = session.userId ?? `session:${session.sessionId}`;
  return {
    sessionId: session.sessionId,
    userKey,
    isAnonymous: session.userId === undefined,
    queryKey: normaliseQuery(session.query),
    at: session.createdAt,
    items: isUsable ? clickedAndPassed(session) : rejected(session),
  };
}

function clickedAndPassed(session: SessionWithEvents): SessionEvidence['items'] {
  const result = sessionToTrainingQuery(session);
  if ('dropped' in result) return [];
  const passed = result.query.skipped.map((itemId) => ({ itemId, weight: passedWeight }));
  return [...result.query.clicked, ...passed];
}

function rejected(session: SessionWithEvents): SessionEvidence['items'] {
  if (!isRejection(session)) return [];
  return orderShown(session.shown)
    .slice(0, lookedAtMax)
    .map((itemId) => ({ itemId, weight: passedWeight }));
}
