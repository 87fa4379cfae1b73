import type { NewSession, Session, SessionBatch, SessionEvent } from '@embedding-studio/contracts';
import type { Collection } from 'mongodb';
import type { TouchParts } from './analytics/touch-documents.ts';
import { packJson, requireText, unpackJson } from './document-values.ts';

type Unnumbered = Omit<SessionDocument, 'batchId' | 'sessionNumber'>;

export interface SessionDocument extends Omit<Session, 'sessionId' | 'shown' | 'searchMeta'> {
  _id: string;
  shownJson: string;
  searchMetaJson: string | null;
  /** When it was marked irrelevant. */
  markedAt?: Date;
  /** When it was marked, unmarked, excluded, extended or erased. */
  changedAt?: Date;
}

export interface EventDocument extends Omit<SessionEvent, 'meta'> {
  _id: string;
  metaJson: string | null;
}

export interface BatchDocument {
  _id: string;
  /** `collecting`, or the own id once released: a unique index allows one collecting batch. */
  slot: string;
  /** Unique, so that a release id freezes one batch only. */
  releaseKey: string;
  status: SessionBatch['status'];
  /** Highest number that belongs to a released batch; null while it collects or is being counted. */
  sessionCount: number | null;
  createdAt: Date;
  releaseId: string | null;
  releasedAt: Date | null;
  /** Its deletion has begun: readers find it no more. */
  deletedAt?: Date;
}

export interface SessionParts {
  sessions: Collection<SessionDocument>;
  events: Collection<EventDocument>;
  batches: Collection<BatchDocument>;
  /** What is known of sessions beside them, by the session's id. */
  facts: Collection<{ _id: string; at: Date }>;
  touches: TouchParts;
  now: () => Date;
}

export function toSessionDocument(session: NewSession): Unnumbered {
  const { sessionId, shown, searchMeta, ...fields } = session;
  return {
    ...fields,
    _id: requireText(sessionId, 'sessionId'),
    isIrrelevant: false,
    shownJson: packJson(shown, 'shown'),
    searchMetaJson: searchMeta === undefined ? null : packJson(searchMeta, 'searchMeta'),
  };
}

export function toSession(document: SessionDocument): Session {
  const { _id, shownJson, searchMetaJson, markedAt: _marked, changedAt: _changed, ...fields } = document;
  const searchMeta = searchMetaJson === null ? {} : { searchMeta: unpackJson<Record<string, unknown>>(searchMetaJson) };
  return { ...fields, sessionId: _id, shown: unpackJson(shownJson), ...searchMeta };
}

export function toEventDocument({ meta, ...event }: SessionEvent): EventDocument {
  const sessionId = requireText(event.sessionId, 'sessionId');
  const eventId = requireText(event.eventId, 'eventId');
  return {
    ...event,
    _id: JSON.stringify([sessionId, eventId]),
    metaJson: meta === undefined ? null : packJson(meta, 'meta'),
  };
}

export function toEvent({ _id: _key, metaJson, ...event }: EventDocument): SessionEvent {
  return { ...event, ...(metaJson === null ? {} : { meta: unpackJson<Record<string, unknown>>(metaJson) }) };
}

export async function createSessionIndexes({ sessions, events, batches }: SessionParts): Promise<void> {
  await sessions.createIndex({ batchId: 1, sessionNumber: 1 }, { unique: true });
  await sessions.createIndex({ userId: 1 }, { sparse: true });
  await sessions.createIndex({ markedAt: 1 }, { sparse: true });
  await sessions.createIndex({ changedAt: 1 }, { sparse: true });
  await events.createIndex({ sessionId: 1, createdAt: 1 });
  await events.createIndex({ receivedAt: 1, _id: 1 });
  await batches.createIndex({ slot: 1 }, { unique: true });
  await batches.createIndex({ releaseKey: 1 }, { unique: true });
  await batches.createIndex({ createdAt: 1 });
}
