import { randomUUID } from 'node:crypto';
import type { AnalyticsBucket, QueryBucket, SliceBucket } from '@embedding-studio/contracts';
import { Binary } from 'mongodb';
import { packJson, unpackJson } from '../document-values.ts';
import type { AnalyticsParts } from './analytics-documents.ts';
import type { BucketRange } from './bucket-memory.ts';
import { fillQueries, packQueries } from './query-columns.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Hashes of sketches have 48 bits. */
const hashBytes = 6;

interface Range {
  from: Date;
  to: Date;
  size?: 'hour' | 'day';
}

export async function putBucket(
  { buckets, queries, slices, versions }: AnalyticsParts,
  bucket: AnalyticsBucket,
  lists: { queries: QueryBucket['queries']; slices: SliceBucket['slices'] },
): Promise<void> {
  const { size, from, cells } = bucket;
  const _id = `${size}:${from.toISOString().slice(0, 13)}`;
  const counts = { size, from, cellsJson: packJson(cells, 'cells') };
  const sketches = { users: packSketch(bucket.users), items: packSketch(bucket.items) };
  const listed = { size, from, ...packQueries(lists.queries) };
  const sliced = { size, from, slicesJson: packJson(lists.slices, 'slices') };
  await Promise.all([
    buckets.replaceOne({ _id }, { ...counts, ...sketches }, { upsert: true }),
    queries.replaceOne({ _id }, listed, { upsert: true }),
    slices.replaceOne({ _id }, sliced, { upsert: true }),
  ]);
  await versions.replaceOne({ _id }, { size, from, version: randomUUID() }, { upsert: true });
}

export function listBuckets({ buckets, versions, memory }: AnalyticsParts, range: Range): Promise<AnalyticsBucket[]> {
  return read(range, (within) =>
    memory.buckets.list(within, {
      versions,
      read: (ids) => buckets.find({ _id: { $in: ids } }).toArray(),
      decode: ({ size, from, cellsJson, users, items }) => ({
        ...{ size, from, cells: unpackJson(cellsJson), users: unpackSketch(users), items: unpackSketch(items) },
      }),
      suffices: () => true,
    }),
  );
}

/** A bucket, and which of its sums have been read; null: all of them. */
export interface ReadQueries extends QueryBucket {
  places: ReadonlySet<number> | null;
}

export function listQueryBuckets(
  { queries, versions, memory }: AnalyticsParts,
  { places, ...range }: Range & { places?: readonly number[] },
): Promise<QueryBucket[]> {
  const wanted = ['size', 'from', 'namesJson', 'columns', ...(places ?? []).map((place) => `c${place}`)];
  const options = places === undefined ? {} : { projection: Object.fromEntries(wanted.map((name) => [name, 1])) };
  return read(range, (within) =>
    memory.queries.list(within, {
      versions,
      read: (ids) => queries.find({ _id: { $in: ids } }, options).toArray(),
      decode: (stored, known) => ({
        ...{ size: stored.size, from: stored.from, queries: fillQueries(stored, { rows: known?.queries, places }) },
        places: places === undefined ? null : new Set([...(known?.places ?? []), ...places]),
      }),
      suffices: (known) => known.places === null || (places?.every((place) => known.places?.has(place)) ?? false),
    }),
  );
}

export function listSliceBuckets({ slices, versions, memory }: AnalyticsParts, range: Range): Promise<SliceBucket[]> {
  return read(range, (within) =>
    memory.slices.list(within, {
      versions,
      read: (ids) => slices.find({ _id: { $in: ids } }).toArray(),
      decode: ({ size, from, slicesJson }) => ({ size, from, slices: unpackJson(slicesJson) }),
      suffices: () => true,
    }),
  );
}

function packSketch(hashes: readonly number[]): Binary {
  const bytes = Buffer.alloc(hashes.length * hashBytes);
  for (const [at, hash] of hashes.entries()) bytes.writeUIntBE(hash, at * hashBytes, hashBytes);
  return new Binary(bytes);
}

function unpackSketch(packed: Binary | undefined): number[] {
  if (packed === undefined) return [];
  const bytes = Buffer.from(packed.buffer);
  return Array.from({ length: bytes.length / hashBytes }, (_, at) => bytes.readUIntBE(at * hashBytes, hashBytes));
}

async function read<T extends { from: Date }>(range: Range, find: (within: BucketRange) => Promise<T[]>): Promise<T[]> {
  const found = await Promise.all(
    partsOf(range).map(({ size, from, to }) => find({ size, from: { $gte: from, $lt: to } })),
  );
  return found.flat().sort((left, right) => left.from.getTime() - right.from.getTime());
}

/** Hours up to the first midnight, whole days, hours from the last midnight on. */
function partsOf({ from, to, size }: Range): { size: 'hour' | 'day'; from: Date; to: Date }[] {
  if (size !== undefined) return [{ size, from, to }];
  const firstDay = Math.ceil(from.getTime() / dayMs) * dayMs;
  const lastDay = Math.floor(to.getTime() / dayMs) * dayMs;
  if (lastDay <= firstDay) return [{ size: 'hour', from, to }];
  const [start, end] = [new Date(firstDay), new Date(lastDay)];
  return [
    { size: 'hour' as const, from, to: start },
    { size: 'day' as const, from: start, to: end },
    { size: 'hour' as const, from: end, to },
  ].filter((part) => part.from < part.to);
}
