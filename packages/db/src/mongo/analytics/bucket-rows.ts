import type { AnalyticsBucket, QueryBucket } from '@embedding-studio/contracts';
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
  const { size, from } = bucket;
  const _id = `${size}:${from.toISOString().slice(0, 13)}`;
  await buckets.replaceOne({ _id }, bucket, { upsert: true });
  await queries.replaceOne({ _id }, { size, from, queries: list }, { upsert: true });
}

export async function listBuckets({ buckets }: AnalyticsParts, range: Range): Promise<AnalyticsBucket[]> {
  const found = await read(range, (within) => buckets.find(within).toArray());
  return found.map(({ _id, ...bucket }) => bucket);
}

export async function listQueryBuckets({ queries }: AnalyticsParts, range: Range): Promise<QueryBucket[]> {
  const found = await read(range, (within) => queries.find(within).toArray());
  return found.map(({ _id, ...bucket }) => bucket);
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
