import type { AnalyticsBucket, QueryBucket } from '@embedding-studio/contracts';
import { packJson, unpackJson } from '../document-values.ts';
import type { AnalyticsParts } from './analytics-documents.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Range {
  from: Date;
  to: Date;
  size?: 'hour' | 'day';
}

export async function putBucket(
  { buckets, queries }: AnalyticsParts,
  bucket: AnalyticsBucket,
  list: QueryBucket['queries'],
): Promise<void> {
  const { size, from, cells, users } = bucket;
  const _id = `${size}:${from.toISOString().slice(0, 13)}`;
  const counts = { size, from, cellsJson: packJson(cells, 'cells'), usersJson: packJson(users, 'users') };
  const listed = { size, from, queriesJson: packJson(list, 'queries') };
  await Promise.all([
    buckets.replaceOne({ _id }, counts, { upsert: true }),
    queries.replaceOne({ _id }, listed, { upsert: true }),
  ]);
}

export async function listBuckets({ buckets }: AnalyticsParts, range: Range): Promise<AnalyticsBucket[]> {
  const found = await read(range, (within) => buckets.find(within).toArray());
  return found.map(({ size, from, cellsJson, usersJson }) => ({
    ...{ size, from, cells: unpackJson(cellsJson), users: unpackJson(usersJson) },
  }));
}

export async function listQueryBuckets({ queries }: AnalyticsParts, range: Range): Promise<QueryBucket[]> {
  const found = await read(range, (within) => queries.find(within).toArray());
  return found.map(({ size, from, queriesJson }) => ({ size, from, queries: unpackJson(queriesJson) }));
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
