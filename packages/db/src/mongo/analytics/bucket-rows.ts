import type { AnalyticsBucket, QueryBucket, SliceBucket } from '@embedding-studio/contracts';
import { Binary } from 'mongodb';
import { packJson, unpackJson } from '../document-values.ts';
import type { AnalyticsParts } from './analytics-documents.ts';
import { packQueries, unpackQueries } from './query-columns.ts';

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
  { buckets, queries, slices }: AnalyticsParts,
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
}

export async function listBuckets({ buckets }: AnalyticsParts, range: Range): Promise<AnalyticsBucket[]> {
  const found = await read(range, (within) => buckets.find(within).toArray());
  return found.map(({ size, from, cellsJson, users, items }) => ({
    ...{ size, from, cells: unpackJson(cellsJson), users: unpackSketch(users), items: unpackSketch(items) },
  }));
}

export async function listQueryBuckets(
  { queries }: AnalyticsParts,
  { places, ...range }: Range & { places?: readonly number[] },
): Promise<QueryBucket[]> {
  const wanted = ['size', 'from', 'namesJson', 'columns', ...(places ?? []).map((place) => `c${place}`)];
  const options = places === undefined ? {} : { projection: Object.fromEntries(wanted.map((name) => [name, 1])) };
  const found = await read(range, (within) => queries.find({ ...within }, options).toArray());
  return found.map((bucket) => ({ size: bucket.size, from: bucket.from, queries: unpackQueries(bucket, places) }));
}

export async function listSliceBuckets({ slices }: AnalyticsParts, range: Range): Promise<SliceBucket[]> {
  const found = await read(range, (within) => slices.find(within).toArray());
  return found.map(({ size, from, slicesJson }) => ({ size, from, slices: unpackJson(slicesJson) }));
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

interface Within {
  size: 'hour' | 'day';
  from: { $gte: Date; $lt: Date };
}

async function read<T extends { from: Date }>(range: Range, find: (within: Within) => Promise<T[]>): Promise<T[]> {
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
