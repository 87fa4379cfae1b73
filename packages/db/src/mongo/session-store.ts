import type { SessionStore, SessionWithEvents } from '@embedding-studio/contracts';
import { findBatch, releaseBatch, toBatch } from './batch-rows.ts';
import { requireText } from './document-values.ts';
import { EventIngest } from './event-ingest.ts';
import { findEvents, pushEvents, sessionMissing } from './event-rows.ts';
import { type SessionParts, toEvent, toSession } from './session-documents.ts';
import { countExclusions, eraseUser, excludeSessions, extendSession, listTouched } from './session-marks.ts';
import { SessionRegistrar } from './session-registrar.ts';
import { deleteBatch, emptySessions, listReleasedBefore } from './session-retention.ts';

type BatchPage = Parameters<SessionStore['listBatchSessions']>[0];

async function getSession(parts: SessionParts, sessionId: string): Promise<SessionWithEvents> {
  const session = await parts.sessions.findOne({ _id: requireText(sessionId, 'sessionId') });
  if (session === null) throw sessionMissing(sessionId);
  const events = await findEvents(parts, { sessionIds: [sessionId], receivedUntil: null });
  return { ...toSession(session), events: (events.get(sessionId) ?? []).map(toEvent) };
}

async function listBatchSessions(parts: SessionParts, page: BatchPage): Promise<SessionWithEvents[]> {
  const { sessionCount, releasedAt, _id } = await findBatch(parts, page.batchId);
  const upTo = sessionCount === null ? {} : { $lte: sessionCount };
  const sessions = await parts.sessions
    .find({ batchId: _id, sessionNumber: { $gt: page.afterNumber, ...upTo } })
    .sort({ sessionNumber: 1 })
    .limit(page.limit)
    .toArray();
  const events = await findEvents(parts, {
    sessionIds: sessions.map((session) => session._id),
    receivedUntil: releasedAt,
  });
  return sessions.map((session) => ({
    ...toSession(session),
    events: (events.get(session._id) ?? []).slice(0, page.eventsLimit).map(toEvent),
  }));
}

async function findSessions(parts: SessionParts, ids: readonly string[]): Promise<SessionWithEvents[]> {
  const found = await parts.sessions.find({ _id: { $in: [...ids] } }).toArray();
  const byId = new Map(found.map((session) => [session._id, session]));
  const events = await findEvents(parts, { sessionIds: ids, receivedUntil: null });
  return ids.flatMap((id) => {
    const session = byId.get(id);
    return session === undefined ? [] : [{ ...toSession(session), events: (events.get(id) ?? []).map(toEvent) }];
  });
}

async function setMark(parts: SessionParts, sessionId: string, isIrrelevant: boolean): Promise<object> {
  const _id = requireText(sessionId, 'sessionId');
  const now = parts.now();
  const marked = await parts.sessions.updateOne({ _id }, { $set: { isIrrelevant, markedAt: now, changedAt: now } });
  if (marked.matchedCount === 0) throw sessionMissing(sessionId);
  return {};
}

export function createSessionStore(parts: SessionParts): SessionStore {
  const registrar = new SessionRegistrar(parts);
  const ingest = new EventIngest(parts);
  return {
    registerSession: async (session) => ({ created: (await registrar.register([session])) === 1 }),
    registerSessions: async (sessions) => ({ created: await registrar.register(sessions) }),
    getSession: (sessionId) => getSession(parts, sessionId),
    pushEvents: (events) => pushEvents(parts, events),
    ingestEvents: (events) => ingest.ingest(events),
    extendSession: (page) => extendSession(parts, page),
    findSessions: (ids) => findSessions(parts, ids),
    listTouched: (page) => listTouched(parts, page),
    excludeSessions: (verdicts) => excludeSessions(parts, verdicts),
    countExclusions: (batchId) => countExclusions(parts, batchId),
    eraseUser: (userId) => eraseUser(parts, userId),
    emptySessions: (page) => emptySessions(parts, page),
    listReleasedBefore: (before) => listReleasedBefore(parts, before),
    deleteBatch: (batchId, limit) => deleteBatch(parts, batchId, limit),
    markIrrelevant: (sessionId, isIrrelevant = true) => setMark(parts, sessionId, isIrrelevant),
    releaseBatch: (releaseId) => releaseBatch(parts, releaseId),
    getBatch: async (batchId) => toBatch(parts, await findBatch(parts, batchId)),
    /** Newest first. */
    async listBatches({ offset, limit }) {
      const found = await parts.batches
        .find({ deletedAt: { $exists: false } })
        .sort({ createdAt: -1, _id: -1 })
        .skip(offset)
        .limit(limit)
        .toArray();
      return Promise.all(found.map((batch) => toBatch(parts, batch)));
    },
    listBatchSessions: (page) => listBatchSessions(parts, page),
  };
}
