import type { ArrivalCursor, ExclusionReason, SessionStore, ShownResult } from '@embedding-studio/contracts';
import { findReleased } from './batch-rows.ts';
import { packJson, requireText, unpackJson } from './document-values.ts';
import type { SessionParts } from './session-documents.ts';
import { emptied } from './session-retention.ts';

const triesMax = 5;

type Page = Parameters<SessionStore['extendSession']>[0];
type TouchedPage = Parameters<SessionStore['listTouched']>[0];
type Verdicts = Parameters<SessionStore['excludeSessions']>[0];

/** Compare-and-swap on the list itself: two pages that arrive together are both kept. */
export async function extendSession(parts: SessionParts, { sessionId, query, shown }: Page): Promise<void> {
  const _id = requireText(sessionId, 'sessionId');
  for (let tried = 0; tried < triesMax; tried++) {
    const session = await parts.sessions.findOne({ _id });
    if (session === null || session.query !== query) return;
    if ((await findReleased(parts, [session.batchId])).size > 0) return;
    const known = unpackJson<ShownResult[]>(session.shownJson);
    const ids = new Set(known.map(({ itemId }) => itemId));
    const more = shown.filter(({ itemId }) => !ids.has(itemId));
    if (more.length === 0) return;
    const shownJson = packJson([...known, ...more], 'shown');
    const changed = await parts.sessions.updateOne(
      { _id, shownJson: session.shownJson },
      { $set: { shownJson, changedAt: parts.now() } },
    );
    if (changed.matchedCount > 0) return;
  }
}

/** Events in the order of their arrival, then marks; a cursor never passes an event that was not read. */
export async function listTouched(
  parts: SessionParts,
  { after, until, limit }: TouchedPage,
): Promise<{ sessionIds: string[]; cursor: ArrivalCursor | null }> {
  const from = after?.receivedAt ?? new Date(0);
  const events = await parts.events
    .find(
      {
        receivedAt: { $gte: from, $lte: until },
        ...(after === null
          ? {}
          : { $or: [{ receivedAt: { $gt: from } }, { receivedAt: from, _id: { $gt: after.key } }] }),
      },
      { projection: { sessionId: 1, receivedAt: 1 } },
    )
    .sort({ receivedAt: 1, _id: 1 })
    .limit(limit)
    .batchSize(limit)
    .toArray();
  const last = events.at(-1);
  const isFull = events.length === limit;
  const marked = await parts.sessions
    .find({ markedAt: { $gte: from, $lte: isFull && last ? last.receivedAt : until } }, { projection: { _id: 1 } })
    .toArray();
  const sessionIds = [...new Set([...events.map(({ sessionId }) => sessionId), ...marked.map(({ _id }) => _id)])];
  return { sessionIds, cursor: last === undefined ? after : { receivedAt: last.receivedAt, key: last._id } };
}

export async function excludeSessions(parts: SessionParts, verdicts: Verdicts): Promise<void> {
  if (verdicts.length === 0) return;
  await parts.sessions.bulkWrite(
    verdicts.map(({ sessionId, reasons }) => ({
      updateOne: {
        // What is there already is no change.
        filter: { _id: requireText(sessionId, 'sessionId'), exclusions: { $not: { $all: [...reasons] } } },
        update: { $addToSet: { exclusions: { $each: [...reasons] } }, $set: { changedAt: parts.now() } },
      },
    })),
    { ordered: false },
  );
}

export async function countExclusions(
  parts: SessionParts,
  batchId: string | null,
): Promise<Partial<Record<ExclusionReason, number>>> {
  const excluded = { 'exclusions.0': { $exists: true } };
  const filter = batchId === null ? excluded : { ...excluded, batchId: requireText(batchId, 'batchId') };
  const counts: Partial<Record<ExclusionReason, number>> = {};
  for await (const { exclusions } of parts.sessions.find(filter, { projection: { exclusions: 1 } }))
    for (const reason of exclusions ?? []) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** The events go first: a crash in between is made good by running it again. */
export async function eraseUser(
  parts: SessionParts,
  userId: string,
): Promise<{ sessionIds: string[]; events: number }> {
  const found = await parts.sessions
    .find({ userId: requireText(userId, 'userId') }, { projection: { _id: 1 } })
    .toArray();
  const sessionIds = found.map(({ _id }) => _id);
  if (sessionIds.length === 0) return { sessionIds, events: 0 };
  const events = await parts.events.deleteMany({ sessionId: { $in: sessionIds } });
  await parts.sessions.updateMany({ _id: { $in: sessionIds } }, emptied(parts.now()));
  return { sessionIds, events: events.deletedCount };
}
