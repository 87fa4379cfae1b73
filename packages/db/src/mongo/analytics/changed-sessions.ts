import type { AnalyticsCursor, ArrivalCursor } from '@embedding-studio/contracts';
import type { BatchDocument, SessionParts } from '../session-documents.ts';

interface Page {
  until: Date;
  limit: number;
}

interface Read<C> {
  sessionIds: string[];
  cursor: C;
  isLast: boolean;
}

/** Events of clocks that run apart may overtake one another by this much. */
const overlapMs = 10_000;
const eventsPerSession = 4;

/** What was registered, what got events, what was changed: each kind in its own order of arrival. */
export async function listChanged(
  parts: SessionParts,
  page: Page & { cursor: AnalyticsCursor | null },
): Promise<Read<AnalyticsCursor>> {
  // Whatever is there already is read as registered; events count from now on.
  const start: ArrivalCursor = { receivedAt: new Date(page.until.getTime() - overlapMs), key: '' };
  const cursor = page.cursor ?? { registered: null, events: start, changes: start };
  const [registered, events, changes] = await Promise.all([
    listRegistered(parts, cursor.registered, page.limit),
    listEventful(parts, cursor.events, { ...page, limit: page.limit * eventsPerSession }),
    listAltered(parts, cursor.changes, page),
  ]);
  return {
    sessionIds: [...new Set([registered, events, changes].flatMap(({ sessionIds }) => sessionIds))],
    cursor: { registered: registered.cursor, events: events.cursor, changes: changes.cursor },
    isLast: registered.isLast && events.isLast && changes.isLast,
  };
}

/** Numbers have no gaps and a number is given only after the one before it, so none is passed by. */
async function listRegistered(
  { sessions, batches }: SessionParts,
  after: AnalyticsCursor['registered'],
  limit: number,
): Promise<Read<AnalyticsCursor['registered']>> {
  const sessionIds: string[] = [];
  let cursor = after;
  let batch = await findBatch(batches, after);
  while (batch !== null) {
    const number: number = cursor?.batchId === batch._id ? cursor.number : 0;
    const found = await sessions
      .find({ batchId: batch._id, sessionNumber: { $gt: number } }, { projection: { sessionNumber: 1 } })
      .sort({ sessionNumber: 1 })
      .limit(limit - sessionIds.length)
      .batchSize(limit)
      .toArray();
    sessionIds.push(...found.map(({ _id }) => _id));
    cursor = { batchId: batch._id, batchAt: batch.createdAt, number: found.at(-1)?.sessionNumber ?? number };
    if (sessionIds.length >= limit) return { sessionIds, cursor, isLast: false };
    // Read to its end only once it is settled how many there are.
    if (batch.sessionCount === null) break;
    const next: BatchDocument | null = await findNext(batches, batch);
    if (next === null) break;
    batch = next;
  }
  return { sessionIds, cursor, isLast: true };
}

/** Where the last page ended; a batch that was deleted since is followed by the next. */
async function findBatch(
  batches: SessionParts['batches'],
  after: AnalyticsCursor['registered'],
): Promise<BatchDocument | null> {
  if (after === null) return batches.findOne({}, { sort: { createdAt: 1, _id: 1 } });
  const known = await batches.findOne({ _id: after.batchId });
  return known ?? findNext(batches, { createdAt: after.batchAt, _id: after.batchId });
}

function findNext(
  batches: SessionParts['batches'],
  { createdAt, _id }: Pick<BatchDocument, 'createdAt' | '_id'>,
): Promise<BatchDocument | null> {
  const later = { $or: [{ createdAt: { $gt: createdAt } }, { createdAt, _id: { $gt: _id } }] };
  return batches.findOne(later, { sort: { createdAt: 1, _id: 1 } });
}

async function listEventful(
  { events }: SessionParts,
  after: ArrivalCursor,
  { until, limit }: Page,
): Promise<Read<ArrivalCursor>> {
  const found = await events
    .find(
      {
        receivedAt: { $gte: after.receivedAt, $lte: until },
        $or: [{ receivedAt: { $gt: after.receivedAt } }, { receivedAt: after.receivedAt, _id: { $gt: after.key } }],
      },
      { projection: { sessionId: 1, receivedAt: 1 } },
    )
    .sort({ receivedAt: 1, _id: 1 })
    .limit(limit)
    .batchSize(limit)
    .toArray();
  const last = found.at(-1);
  return {
    sessionIds: found.map(({ sessionId }) => sessionId),
    cursor: last === undefined ? after : { receivedAt: last.receivedAt, key: last._id },
    isLast: found.length < limit,
  };
}

async function listAltered(
  { sessions }: SessionParts,
  after: ArrivalCursor,
  { until, limit }: Page,
): Promise<Read<ArrivalCursor>> {
  const found = await sessions
    .find(
      {
        changedAt: { $gte: after.receivedAt, $lte: until },
        $or: [{ changedAt: { $gt: after.receivedAt } }, { changedAt: after.receivedAt, _id: { $gt: after.key } }],
      },
      { projection: { changedAt: 1 } },
    )
    .sort({ changedAt: 1, _id: 1 })
    .limit(limit)
    .batchSize(limit)
    .toArray();
  const last = found.at(-1);
  return {
    sessionIds: found.map(({ _id }) => _id),
    cursor: last?.changedAt === undefined ? after : { receivedAt: last.changedAt, key: last._id },
    isLast: found.length < limit,
  };
}
