import type {
  AnalyticsBucket,
  AnalyticsState,
  PlainFacts,
  QueryBucket,
  SessionFacts,
  SessionTraits,
  SliceBucket,
} from '@embedding-studio/contracts';
import type { Binary, Collection, Db } from 'mongodb';
import { packJson, unpackJson } from '../document-values.ts';
import type { SessionParts } from '../session-documents.ts';
import { BucketMemory } from './bucket-memory.ts';
import type { ReadQueries } from './bucket-rows.ts';
import { createTouchIndexes, type TouchParts } from './touch-documents.ts';

export interface FactsDocument extends Omit<PlainFacts, 'sessionId' | 'userId' | 'experiments'> {
  _id: string;
  /** Items shown, items clicked. */
  itemsJson?: string;
  /** Absent without one: the index of users holds those that have one. */
  userId?: string;
  /** Both absent without any: the index of experiments holds those that have some. */
  experiments?: SessionFacts['experiments'];
  experimentIds?: string[];
}

export interface TraitsDocument extends SessionTraits {
  _id: string;
}

/**
 * `_id`: size and start, so that a bucket that is made anew takes the place of the old one. Its thousands of numbers are
 * kept as JSON, which is read many times faster than as many fields, and those of its sketches as bytes.
 */
export interface BucketDocument extends Pick<AnalyticsBucket, 'size' | 'from'> {
  _id: string;
  cellsJson: string;
  /** Both absent in buckets of before version 5. */
  users?: Binary;
  items?: Binary;
}

/** `c0` … hold one sum of all queries each, so that few sums are read for few; absent: all 0. */
export interface QueryBucketDocument extends Pick<QueryBucket, 'size' | 'from'>, Record<`c${number}`, string> {
  _id: string;
  namesJson: string;
  columns: number;
}

export interface SliceBucketDocument extends Pick<SliceBucket, 'size' | 'from'> {
  _id: string;
  slicesJson: string;
}

/** Another one each time that the bucket of this id, its queries and its slices were written, and written behind them. */
export interface BucketVersionDocument extends Pick<AnalyticsBucket, 'size' | 'from'> {
  _id: string;
  version: string;
}

export interface StateDocument extends AnalyticsState {
  _id: string;
  owner: string | null;
  until: Date;
}

export interface AnalyticsParts {
  sessions: SessionParts;
  facts: Collection<FactsDocument>;
  traits: Collection<TraitsDocument>;
  buckets: Collection<BucketDocument>;
  queries: Collection<QueryBucketDocument>;
  slices: Collection<SliceBucketDocument>;
  versions: Collection<BucketVersionDocument>;
  memory: {
    buckets: BucketMemory<AnalyticsBucket>;
    queries: BucketMemory<ReadQueries>;
    slices: BucketMemory<SliceBucket>;
  };
  state: Collection<StateDocument>;
  touches: TouchParts;
  now: () => Date;
}

export function openAnalytics(db: Db, sessions: SessionParts): AnalyticsParts {
  return {
    sessions,
    facts: db.collection('session_facts'),
    traits: db.collection('session_traits'),
    buckets: db.collection('analytics_buckets'),
    queries: db.collection('analytics_queries'),
    slices: db.collection('analytics_slices'),
    versions: db.collection('analytics_versions'),
    memory: { buckets: new BucketMemory(), queries: new BucketMemory(), slices: new BucketMemory() },
    state: db.collection('analytics_state'),
    touches: sessions.touches,
    now: sessions.now,
  };
}

export const byTime = { at: 1, _id: 1 } as const;
export const byTraits = { traitsKey: 1, at: 1, _id: 1 } as const;
export const byUser = { userId: 1, at: 1, _id: 1 } as const;
export const byQuery = { query: 1, at: 1 } as const;
export const byExperiment = { experimentIds: 1, at: 1 } as const;

export async function createFactsIndexes({ facts }: AnalyticsParts): Promise<void> {
  await facts.createIndex(byTime);
  await facts.createIndex(byTraits);
  await facts.createIndex(byUser, { partialFilterExpression: { userId: { $exists: true } } });
  await facts.createIndex(byQuery);
  await facts.createIndex(byExperiment, { partialFilterExpression: { experimentIds: { $exists: true } } });
  await facts.createIndex({ sequence: 1 });
}

export async function createAnalyticsIndexes(parts: AnalyticsParts): Promise<void> {
  await createFactsIndexes(parts);
  await parts.buckets.createIndex({ size: 1, from: 1 });
  await parts.queries.createIndex({ size: 1, from: 1 });
  await parts.slices.createIndex({ size: 1, from: 1 });
  await parts.versions.createIndex({ size: 1, from: 1 });
  await createTouchIndexes(parts.touches);
  await versionAll(parts);
}

/** Buckets of before there were versions get one. */
async function versionAll({ buckets, versions }: AnalyticsParts): Promise<void> {
  if ((await versions.estimatedDocumentCount()) >= (await buckets.estimatedDocumentCount())) return;
  const known = new Set((await versions.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
  for await (const { _id, size, from } of buckets.find({}, { projection: { size: 1, from: 1 } }))
    if (!known.has(_id))
      await versions.updateOne({ _id }, { $setOnInsert: { size, from, version: 'first' } }, { upsert: true });
}

export function toFactsDocument(stored: SessionFacts): FactsDocument {
  const { sessionId, userId, shownIds, clickedIds, experiments, ...facts } = stored;
  const itemsJson = packJson([shownIds, clickedIds], 'shownIds');
  const experimentIds = [...new Set(experiments.map(({ experimentId }) => experimentId))];
  return {
    ...{ _id: sessionId, ...(userId === null ? {} : { userId }), ...facts, itemsJson },
    ...(experimentIds.length === 0 ? {} : { experiments, experimentIds }),
  };
}

/** Those of earlier versions lack some, until they are made anew. */
export function toPlainFacts(document: Omit<FactsDocument, 'itemsJson'>): PlainFacts {
  const { _id, userId = null, experiments = [], experimentIds: _index, ...facts } = document;
  const { slices = [], satisfiedMs = null } = facts;
  return { sessionId: _id, userId, ...facts, experiments, slices, satisfiedMs };
}

export function toFacts({ itemsJson = '[[],[]]', ...document }: FactsDocument): SessionFacts {
  const [shownIds, clickedIds] = unpackJson<[string[], string[]]>(itemsJson);
  return { ...toPlainFacts(document), shownIds, clickedIds };
}
