import { type MetricPoint, type MetricSeries, StudioError } from '@embedding-studio/contracts';
import { requireText } from './document-values.ts';
import { cutColumns, joinColumns, mergeColumns, packColumns, unpackColumns } from './metric-columns.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import type { ChunkDocument, TrackerParts } from './tracker-documents.ts';

/** Steps per document: small enough to be rewritten with every report of a running job. */
const chunkSteps = 256;
const writeTries = 20;

type Group = Pick<ChunkDocument, 'runId' | 'key' | 'chunk'> & { points: MetricPoint[] };

/** A step logged again, by a resumed job, replaces what it logged before. */
export async function writePoints(parts: TrackerParts, runId: string, given: readonly MetricPoint[]): Promise<void> {
  requireText(runId, 'runId');
  const groups = new Map<string, Group>();
  for (const point of given) {
    const chunk = Math.floor(point.step / chunkSteps);
    const id = JSON.stringify([runId, requireText(point.key, 'key'), chunk]);
    const group = groups.get(id) ?? { runId, key: point.key, chunk, points: [] };
    group.points.push(point);
    groups.set(id, group);
  }
  await Promise.all([...groups].map(([id, group]) => writeChunk(parts, id, group)));
  await writeLatest(parts, runId, given);
}

async function writeChunk({ chunks }: TrackerParts, _id: string, group: Group): Promise<void> {
  const { points, ...place } = group;
  const added = points.map(({ step, value, timestamp }) => ({ step, value, time: timestamp.getTime() }));
  for (let tries = 0; tries < writeTries; tries++) {
    const stored = await chunks.findOne({ _id, runId: group.runId });
    const columns = packColumns(mergeColumns(stored === null ? null : unpackColumns(stored.columns), added));
    if (stored === null) {
      const isWritten = await chunks.insertOne({ _id, ...place, columns, version: 1 }).then(
        () => true,
        (error) => {
          if (!isDuplicateKey(error)) throw error;
          return false;
        },
      );
      if (isWritten) return;
      continue;
    }
    const { version } = stored;
    const replaced = await chunks.updateOne(
      { _id, runId: group.runId, version },
      { $set: { columns, version: version + 1 } },
    );
    if (replaced.matchedCount === 1) return;
  }
  throw new StudioError('STORE_UNAVAILABLE', `Too many writers of metric ${group.key} of run ${group.runId}`);
}

async function writeLatest({ latest }: TrackerParts, runId: string, given: readonly MetricPoint[]): Promise<void> {
  const last = new Map<string, MetricPoint>();
  for (const point of given) if (point.step >= (last.get(point.key)?.step ?? point.step)) last.set(point.key, point);
  if (last.size === 0) return;
  await latest.bulkWrite(
    [...last.values()].flatMap(({ key, value, step }) => {
      const _id = JSON.stringify([runId, key]);
      return [
        { updateOne: { filter: { _id, runId }, update: { $setOnInsert: { key, value, step } }, upsert: true } },
        { updateOne: { filter: { _id, runId, step: { $lte: step } }, update: { $set: { value, step } } } },
      ];
    }),
    { ordered: true },
  );
}

const idsPerQuery = 40;

/** Short lists side by side: a filter that names hundreds of ids is compared with every one of them. */
export async function findInGroups<T>(ids: readonly string[], find: (group: string[]) => Promise<T[]>): Promise<T[]> {
  const groups = Array.from({ length: Math.ceil(ids.length / idsPerQuery) }, (_, at) =>
    ids.slice(at * idsPerQuery, (at + 1) * idsPerQuery),
  );
  return (await Promise.all(groups.map(find))).flat();
}

/** Series with points, by run and key in the order asked for. */
export async function readSeries(
  { chunks }: TrackerParts,
  request: { runIds: readonly string[]; keys: readonly string[]; afterStep?: number },
): Promise<MetricSeries[]> {
  const { afterStep } = request;
  const runIds = request.runIds.map((runId) => requireText(runId, 'runId'));
  const keys = request.keys.map((key) => requireText(key, 'key'));
  const later = afterStep === undefined ? {} : { chunk: { $gte: Math.floor(afterStep / chunkSteps) } };
  const found = await findInGroups(runIds, (group) =>
    chunks.find({ runId: { $in: group }, key: { $in: keys }, ...later }).toArray(),
  );
  found.sort((left, right) => left.chunk - right.chunk);
  const byPlace = new Map<string, ChunkDocument[]>();
  for (const chunk of found) {
    const place = JSON.stringify([chunk.runId, chunk.key]);
    byPlace.set(place, [...(byPlace.get(place) ?? []), chunk]);
  }
  return runIds.flatMap((runId) =>
    keys.flatMap((key) => {
      const own = byPlace.get(JSON.stringify([runId, key]));
      if (own === undefined) return [];
      const columns = joinColumns(own.map((chunk) => unpackColumns(chunk.columns)));
      const wanted = afterStep === undefined ? columns : cutColumns(columns, afterStep);
      return wanted.steps.length === 0 ? [] : [{ runId, key, ...wanted }];
    }),
  );
}

/** Last value of each metric, by step. */
export async function readLatest(
  { latest }: TrackerParts,
  runIds: readonly string[],
): Promise<Map<string, Record<string, number>>> {
  const found = await findInGroups(runIds, (group) => latest.find({ runId: { $in: group } }).toArray());
  const entries = new Map<string, [string, number][]>();
  for (const { runId, key, value } of found) {
    const own = entries.get(runId) ?? [];
    entries.set(runId, own);
    own.push([key, value]);
  }
  return new Map([...entries].map(([runId, own]) => [runId, Object.fromEntries(own)]));
}
