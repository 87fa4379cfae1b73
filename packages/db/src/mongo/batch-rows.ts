import { newId, type SessionBatch, StudioError } from '@embedding-studio/contracts';
import { requireText } from './document-values.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import type { BatchDocument, SessionParts } from './session-documents.ts';

const collecting = 'collecting';

export async function findLastNumber({ sessions }: SessionParts, batchId: string): Promise<number> {
  const [last] = await sessions
    .find({ batchId }, { projection: { sessionNumber: 1 } })
    .sort({ sessionNumber: -1 })
    .limit(1)
    .toArray();
  return last?.sessionNumber ?? 0;
}

/** The one batch that collects; made when there is none. */
export async function findCollecting(parts: SessionParts): Promise<BatchDocument> {
  for (;;) {
    const found = await parts.batches.findOne({ slot: collecting });
    if (found !== null) return found;
    const _id = newId('batch');
    const batch: BatchDocument = {
      _id,
      slot: collecting,
      releaseKey: `collecting:${_id}`,
      status: 'collecting',
      sessionCount: null,
      createdAt: parts.now(),
      releaseId: null,
      releasedAt: null,
    };
    try {
      await parts.batches.insertOne(batch);
      return batch;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/**
 * Fixes how many sessions a released batch has, once. Whoever comes first counts: the process that released it,
 * or any other that meets it after a crash. Sessions above the count came too late and move on.
 */
export async function countReleased(parts: SessionParts, batch: BatchDocument): Promise<BatchDocument> {
  if (batch.status === 'collecting' || batch.sessionCount !== null) return batch;
  const sessionCount = await findLastNumber(parts, batch._id);
  await parts.batches.updateOne({ _id: batch._id, sessionCount: null }, { $set: { sessionCount } });
  return findBatch(parts, batch._id);
}

export async function findBatch(parts: SessionParts, batchId: string): Promise<BatchDocument> {
  const batch = await parts.batches.findOne({ _id: requireText(batchId, 'batchId') });
  if (batch === null || batch.deletedAt !== undefined)
    throw new StudioError('BATCH_NOT_FOUND', `No batch ${batchId}`, { field: 'batchId' });
  return batch.status === 'released' && batch.sessionCount === null ? countReleased(parts, batch) : batch;
}

/** Release times of those of the batches that are released. */
export async function findReleased(parts: SessionParts, batchIds: readonly string[]): Promise<Map<string, Date>> {
  const found = await parts.batches.find({ _id: { $in: [...batchIds] } }).toArray();
  return new Map(found.flatMap(({ _id, releasedAt }) => (releasedAt === null ? [] : [[_id, releasedAt]])));
}

export async function toBatch(parts: SessionParts, document: BatchDocument): Promise<SessionBatch> {
  const batch = await countReleased(parts, document);
  const { _id, status, createdAt, releaseId, releasedAt } = batch;
  return {
    batchId: _id,
    status,
    createdAt,
    sessionCount: batch.sessionCount ?? (await findLastNumber(parts, _id)),
    ...(releaseId === null ? {} : { releaseId }),
    ...(releasedAt === null ? {} : { releasedAt }),
  };
}

/**
 * Sessions that were written into a batch just after it was counted go to the collecting one, in their order.
 * Safe to repeat and to run in several processes: a session moves only from where it was seen.
 */
export async function moveLateSessions(parts: SessionParts, batch: BatchDocument): Promise<void> {
  const { sessionCount } = await countReleased(parts, batch);
  if (sessionCount === null) return;
  const late = await parts.sessions
    .find({ batchId: batch._id, sessionNumber: { $gt: sessionCount } }, { projection: { _id: 1 } })
    .sort({ sessionNumber: 1 })
    .toArray();
  for (const { _id } of late) await moveSession(parts, _id, batch._id);
}

async function moveSession(parts: SessionParts, sessionId: string, from: string): Promise<void> {
  for (;;) {
    const target = await findCollecting(parts);
    const sessionNumber = (await findLastNumber(parts, target._id)) + 1;
    try {
      await parts.sessions.updateOne(
        { _id: sessionId, batchId: from },
        { $set: { batchId: target._id, sessionNumber } },
      );
    } catch (error) {
      if (isDuplicateKey(error)) continue;
      throw error;
    }
    const now = await findBatch(parts, target._id);
    if (now.status === 'released') await moveLateSessions(parts, now);
    return;
  }
}

async function freeze(parts: SessionParts, batchId: string, releaseId: string): Promise<BatchDocument | null> {
  const change = { slot: batchId, status: 'released' as const, releaseKey: `release:${releaseId}`, releaseId };
  try {
    return await parts.batches.findOneAndUpdate(
      { _id: batchId, slot: collecting },
      { $set: { ...change, releasedAt: parts.now() } },
      { returnDocument: 'after' },
    );
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/** What a crash may have left: late sessions of the batches released last. */
async function repairReleased(parts: SessionParts): Promise<void> {
  const recent = await parts.batches.find({ status: 'released' }).sort({ createdAt: -1 }).limit(3).toArray();
  for (const batch of recent) await moveLateSessions(parts, batch);
}

export async function releaseBatch(parts: SessionParts, releaseId: string): Promise<SessionBatch | null> {
  requireText(releaseId, 'releaseId');
  for (;;) {
    const known = await findRelease(parts, releaseId);
    if (known !== null) return known;
    await repairReleased(parts);
    const current = await parts.batches.findOne({ slot: collecting });
    const isEmpty = current === null || (await findLastNumber(parts, current._id)) === 0;
    // Another process may have released it, by this id, since it was asked for above.
    if (isEmpty) return findRelease(parts, releaseId);
    const frozen = await freeze(parts, current._id, releaseId);
    if (frozen === null) continue;
    const batch = await toBatch(parts, frozen);
    await moveLateSessions(parts, await findBatch(parts, frozen._id));
    return batch;
  }
}

async function findRelease(parts: SessionParts, releaseId: string): Promise<SessionBatch | null> {
  const known = await parts.batches.findOne({ releaseKey: `release:${releaseId}` });
  return known === null ? null : toBatch(parts, known);
}
