import { type AnalyticsState, type AnalyticsStore, StudioError } from '@embedding-studio/contracts';
import { isDuplicateKey } from '../mongo-errors.ts';
import {
  type AnalyticsParts,
  createFactsIndexes,
  type StateDocument,
  type TraitsDocument,
} from './analytics-documents.ts';
import { listBuckets, listQueryBuckets, listSliceBuckets, putBucket } from './bucket-rows.ts';
import { listChanged } from './changed-sessions.ts';
import {
  countTraits,
  findFacts,
  findFactsOfUsers,
  listFacts,
  listWritten,
  putFacts,
  visitHour,
  visitPlain,
} from './facts-rows.ts';
import { putTouches } from './touch-rows.ts';

const _id = 'state';

const untouched: AnalyticsState = {
  ...{ version: 1, cursor: null, dirtyHours: [], sequence: 0, caughtUpAt: null, rebuildRequested: false },
};

function toState({ _id: _key, owner: _owner, until: _until, ...state }: StateDocument): AnalyticsState {
  return { ...untouched, ...state };
}

async function claimTurn(parts: AnalyticsParts, owner: string, seconds: number): Promise<AnalyticsState | null> {
  const now = parts.now();
  const until = new Date(now.getTime() + seconds * 1_000);
  const free = { $or: [{ owner }, { owner: null }, { until: { $lte: now } }] };
  try {
    const claimed = await parts.state.findOneAndUpdate(
      { _id, ...free },
      { $set: { owner, until } },
      { upsert: true, returnDocument: 'after' },
    );
    return claimed === null ? null : toState(claimed);
  } catch (error) {
    // It is there, and somebody else's.
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

async function saveState(parts: AnalyticsParts, owner: string, change: Partial<AnalyticsState>): Promise<void> {
  const saved = await parts.state.updateOne({ _id, owner }, { $set: change });
  if (saved.matchedCount === 0) throw new StudioError('LEASE_LOST', `${owner} no longer follows the sessions`);
}

async function clear(parts: AnalyticsParts): Promise<void> {
  await parts.facts.drop().catch(() => false);
  await createFactsIndexes(parts);
  await parts.buckets.deleteMany({});
  await parts.queries.deleteMany({});
  await parts.slices.deleteMany({});
  await parts.versions.deleteMany({});
  await parts.touches.hours.deleteMany({});
  await parts.touches.chunks.deleteMany({});
}

/** Traits never change, so what was read once is remembered. */
function createTraitsReader({ traits }: AnalyticsParts) {
  const known = new Map<string, Omit<TraitsDocument, '_id'>>();
  return async () => {
    if (known.size !== (await traits.estimatedDocumentCount()))
      for await (const { _id: key, ...found } of traits.find().batchSize(5_000)) known.set(key, found);
    return new Map(known);
  };
}

export function createAnalyticsStore(parts: AnalyticsParts): AnalyticsStore {
  return {
    claimTurn: (owner, seconds) => claimTurn(parts, owner, seconds),
    async getState() {
      const found = await parts.state.findOne({ _id });
      return found === null ? untouched : toState(found);
    },
    saveState: (owner, change) => saveState(parts, owner, change),
    endTurn: async (owner) => void (await parts.state.updateOne({ _id, owner }, { $set: { owner: null } })),
    requestRebuild: async () =>
      void (await parts.state.updateOne(
        { _id },
        { $set: { rebuildRequested: true }, $setOnInsert: { owner: null, until: new Date(0) } },
        { upsert: true },
      )),
    clear: () => clear(parts),
    listChanged: (page) => listChanged(parts.sessions, page),
    async putTraits(traits) {
      if (traits.size === 0) return;
      await parts.traits.bulkWrite(
        [...traits].map(([key, found]) => ({
          updateOne: { filter: { _id: key }, update: { $setOnInsert: found }, upsert: true },
        })),
        { ordered: false },
      );
    },
    listTraits: createTraitsReader(parts),
    findFacts: (ids) => findFacts(parts, ids),
    findFactsOfUsers: (windows) => findFactsOfUsers(parts, windows),
    putFacts: (facts) => putFacts(parts, facts),
    visitHour: (hour, visit) => visitHour(parts, hour, visit),
    visitRange: (range, visit) => visitPlain(parts, { range, visit }),
    visitExperiment: (experimentId, range, visit) => visitPlain(parts, { range, experimentId, visit }),
    listFacts: (page) => listFacts(parts, page),
    countTraits: (query, limit) => countTraits(parts, query, limit),
    listWritten: (page) => listWritten(parts, page),
    putTouches: (hour, sessions) => putTouches(parts.touches, hour, sessions),
    putBucket: (bucket, lists) => putBucket(parts, bucket, lists),
    listBuckets: (range) => listBuckets(parts, range),
    listQueryBuckets: (range) => listQueryBuckets(parts, range),
    listSliceBuckets: (range) => listSliceBuckets(parts, range),
  };
}
