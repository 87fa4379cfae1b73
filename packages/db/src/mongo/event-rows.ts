import { isDeepStrictEqual } from 'node:util';
import { type SessionEvent, StudioError } from '@embedding-studio/contracts';
import type { Filter } from 'mongodb';
import { findBatch } from './batch-rows.ts';
import { unpackJson } from './document-values.ts';
import { findDuplicates } from './mongo-errors.ts';
import { type EventDocument, type SessionParts, toEventDocument } from './session-documents.ts';

const documentsPerInsert = 1_000;
const aimedSessionsMax = 20;

export function sessionMissing(id: string): StudioError {
  return new StudioError('SESSION_NOT_FOUND', `No session ${id}`, { field: 'sessionId' });
}

async function requireSessions(parts: SessionParts, documents: readonly EventDocument[]): Promise<void> {
  const ids = [...new Set(documents.map(({ sessionId }) => sessionId))];
  const found = await parts.sessions.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
  const known = new Set(found.map(({ _id }) => _id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw sessionMissing(missing);
}

/** A time that the server filled in says nothing about the body: a repeated request would get another one. */
function givenTime(event: EventDocument): number | null {
  return event.createdAt.getTime() === event.receivedAt.getTime() ? null : event.createdAt.getTime();
}

export function isSameEvent(a: EventDocument, b: EventDocument): boolean {
  const [at, bt] = [givenTime(a), givenTime(b)];
  return (
    a.itemId === b.itemId &&
    a.type === b.type &&
    a.dwellSeconds === b.dwellSeconds &&
    a.position === b.position &&
    (at === null || bt === null || at === bt) &&
    (a.metaJson === b.metaJson || isDeepStrictEqual(unpackJson(a.metaJson ?? 'null'), unpackJson(b.metaJson ?? 'null')))
  );
}

function requireSame(known: EventDocument, given: EventDocument): void {
  if (!isSameEvent(known, given))
    throw new StudioError(
      'EVENT_CONFLICT',
      `Event ${given.eventId} of session ${given.sessionId} is stored with another body`,
      { field: 'eventId', publicMessage: `Event ${given.eventId} exists with another body: use a new event id` },
    );
}

/** Those of the same ids. Few sessions say on which shards they lie; many lie on all, and comparing them takes time. */
export function storedLike(documents: readonly EventDocument[]): Filter<EventDocument> {
  const _id = { $in: documents.map((document) => document._id) };
  const sessionIds = [...new Set(documents.map(({ sessionId }) => sessionId))];
  return sessionIds.length > aimedSessionsMax ? { _id } : { _id, sessionId: { $in: sessionIds } };
}

/** Leaves out what is stored already. @throws StudioError EVENT_CONFLICT */
async function dropKnown(parts: SessionParts, documents: EventDocument[]): Promise<EventDocument[]> {
  const stored = await parts.events.find(storedLike(documents)).toArray();
  const known = new Map(stored.map((document) => [document._id, document]));
  return documents.filter((document) => {
    const same = known.get(document._id);
    if (same !== undefined) requireSame(same, document);
    return same === undefined;
  });
}

function dropRepeated(events: readonly SessionEvent[]): EventDocument[] {
  const distinct = new Map<string, EventDocument>();
  for (const event of events) {
    const document = toEventDocument(event);
    const first = distinct.get(document._id);
    if (first === undefined) distinct.set(document._id, document);
    else requireSame(first, document);
  }
  return [...distinct.values()];
}

/** A frozen batch must not gain events, so what is stored after its release counts as received after it. */
async function dateAfterRelease(parts: SessionParts, documents: EventDocument[]): Promise<EventDocument[]> {
  const ids = [...new Set(documents.map((document) => document.sessionId))];
  const sessions = await parts.sessions.find({ _id: { $in: ids } }, { projection: { batchId: 1 } }).toArray();
  const releases = new Map<string, Date | null>();
  for (const batchId of new Set(sessions.map((session) => session.batchId)))
    releases.set(batchId, (await findBatch(parts, batchId)).releasedAt);
  const cutOffs = new Map(sessions.map((session) => [session._id, releases.get(session.batchId) ?? null]));
  return documents.map((document) => {
    const releasedAt = cutOffs.get(document.sessionId) ?? null;
    if (releasedAt === null || document.receivedAt > releasedAt) return document;
    return { ...document, receivedAt: new Date(releasedAt.getTime() + 1) };
  });
}

async function insertNew(parts: SessionParts, documents: EventDocument[]): Promise<number> {
  const fresh = await dateAfterRelease(parts, await dropKnown(parts, documents));
  if (fresh.length === 0) return 0;
  try {
    await parts.events.insertMany(fresh, { ordered: false });
    return fresh.length;
  } catch (error) {
    const duplicates = findDuplicates(error);
    if (duplicates === null) throw error;
    // Another process stored these between the look and the write; they must agree.
    await dropKnown(
      parts,
      duplicates.flatMap((i) => fresh[i] ?? []),
    );
    return fresh.length - duplicates.length;
  }
}

export async function pushEvents(
  parts: SessionParts,
  events: readonly SessionEvent[],
): Promise<{ created: number; duplicates: number }> {
  const documents = dropRepeated(events);
  const chunks: EventDocument[][] = [];
  for (let start = 0; start < documents.length; start += documentsPerInsert)
    chunks.push(documents.slice(start, start + documentsPerInsert));
  // All are looked at before any is written: a conflict leaves nothing behind.
  for (const chunk of chunks) await requireSessions(parts, chunk);
  for (const chunk of chunks) await dropKnown(parts, chunk);
  let created = 0;
  for (const chunk of chunks) created += await insertNew(parts, chunk);
  return { created, duplicates: events.length - created };
}

/** Events of several sessions, oldest first. */
export async function findEvents(
  parts: SessionParts,
  page: { sessionIds: readonly string[]; receivedUntil: Date | null },
): Promise<Map<string, EventDocument[]>> {
  const found = await parts.events
    .find({
      sessionId: { $in: [...page.sessionIds] },
      ...(page.receivedUntil === null ? {} : { receivedAt: { $lte: page.receivedUntil } }),
    })
    .sort({ createdAt: 1, _id: 1 })
    .toArray();
  const bySession = new Map<string, EventDocument[]>();
  for (const event of found) {
    const events = bySession.get(event.sessionId);
    if (events === undefined) bySession.set(event.sessionId, [event]);
    else events.push(event);
  }
  return bySession;
}
