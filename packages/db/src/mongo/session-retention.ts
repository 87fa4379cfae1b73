import { StudioError } from '@embedding-studio/contracts';
import { dropTouches } from './analytics/touch-rows.ts';
import { requireText } from './document-values.ts';
import type { SessionParts } from './session-documents.ts';

/** What an erased session looks like: its number stays, nothing else that somebody did. */
export const emptied = (changedAt: Date) => ({
  $set: { query: '', shownJson: '[]', searchMetaJson: null, exclusions: ['erased' as const], changedAt },
  $unset: { userId: '' as const, experiments: '' as const, markedAt: '' as const },
});

export async function emptySessions(
  { sessions, events, batches, now }: SessionParts,
  { before, limit }: { before: Date; limit: number },
): Promise<{ emptied: number; events: number }> {
  const collecting = await batches.findOne({ slot: 'collecting' }, { projection: { _id: 1 } });
  if (collecting === null) return { emptied: 0, events: 0 };
  const old = await sessions
    .find(
      { batchId: collecting._id, createdAt: { $lt: before }, exclusions: { $ne: 'erased' } },
      { projection: { _id: 1 } },
    )
    .limit(limit)
    .toArray();
  const ids = old.map(({ _id }) => _id);
  if (ids.length === 0) return { emptied: 0, events: 0 };
  const removed = await events.deleteMany({ sessionId: { $in: ids } });
  const changed = await sessions.updateMany({ _id: { $in: ids }, batchId: collecting._id }, emptied(now()));
  return { emptied: changed.modifiedCount, events: removed.deletedCount };
}

export async function listReleasedBefore({ batches }: SessionParts, before: Date): Promise<string[]> {
  const found = await batches
    .find(
      { status: 'released', $or: [{ releasedAt: { $lt: before } }, { deletedAt: { $exists: true } }] },
      { projection: { _id: 1 } },
    )
    .sort({ createdAt: 1 })
    .toArray();
  return found.map(({ _id }) => _id);
}

/** Events and facts before their sessions, the batch last: what a crash leaves is found again by the batch. */
export async function deleteBatch(
  { sessions, events, facts, touches, batches, now }: SessionParts,
  batchId: string,
  limit: number,
): Promise<{ sessions: number; events: number; isDone: boolean }> {
  const marked = await batches.updateOne(
    { _id: requireText(batchId, 'batchId'), status: 'released' },
    { $set: { deletedAt: now() } },
  );
  if (marked.matchedCount === 0)
    throw new StudioError('BATCH_NOT_FOUND', `No released batch ${batchId}`, { field: 'batchId' });
  const some = await sessions
    .find({ batchId }, { projection: { createdAt: 1 } })
    .limit(limit)
    .toArray();
  const ids = some.map(({ _id }) => _id);
  if (ids.length > 0) {
    const removed = await events.deleteMany({ sessionId: { $in: ids } });
    await facts.deleteMany({ _id: { $in: ids } });
    await dropTouchesOf({ facts, touches }, some);
    await sessions.deleteMany({ _id: { $in: ids } });
    if (ids.length === limit) return { sessions: ids.length, events: removed.deletedCount, isDone: false };
    await batches.deleteOne({ _id: batchId });
    return { sessions: ids.length, events: removed.deletedCount, isDone: true };
  }
  await batches.deleteOne({ _id: batchId });
  return { sessions: 0, events: 0, isDone: true };
}

const hourMs = 3_600_000;

/** Which items an hour's sessions touched is kept while one of them is there. */
async function dropTouchesOf(
  { facts, touches }: Pick<SessionParts, 'facts' | 'touches'>,
  deleted: readonly { createdAt: Date }[],
): Promise<void> {
  const starts = new Set(deleted.map(({ createdAt }) => Math.floor(createdAt.getTime() / hourMs) * hourMs));
  const empty: Date[] = [];
  for (const start of starts) {
    const within = { $gte: new Date(start), $lt: new Date(start + hourMs) };
    const left = await facts.findOne({ at: within }, { projection: { _id: 1 }, hint: { at: 1, _id: 1 } });
    if (left === null) empty.push(new Date(start));
  }
  await dropTouches(touches, empty);
}
