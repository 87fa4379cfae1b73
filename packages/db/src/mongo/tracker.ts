import {
  type MetricPoint,
  newId,
  type ObjectStore,
  StudioError,
  type TrackedRun,
  type Tracker,
} from '@embedding-studio/contracts';
import { ObjectId } from 'mongodb';
import { packJson, requireText, unpackJson } from './document-values.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import type { RunDocument, TrackerParts } from './tracker-documents.ts';

type RunInput = Parameters<Tracker['createRun']>[0];
type VersionInput = Parameters<Tracker['registerModelVersion']>[0];

function runMissing(runId: string): StudioError {
  return new StudioError('INPUT_INVALID', `No run ${runId}`, { field: 'runId' });
}

/** Inserts, or finds what an earlier call or another process inserted under the same unique key. */
async function insertOrFind<T>(insert: () => Promise<T>, find: () => Promise<T | null>): Promise<T> {
  const known = await find();
  if (known !== null) return known;
  try {
    return await insert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const other = await find();
    if (other === null) throw error;
    return other;
  }
}

async function createExperiment({ experiments, now }: TrackerParts, name: string): Promise<string> {
  requireText(name, 'name');
  return insertOrFind(
    async () => {
      const _id = newId('experiment');
      await experiments.insertOne({ _id, name, createdAt: now() });
      return _id;
    },
    async () => (await experiments.findOne({ name }))?._id ?? null,
  );
}

async function createRun({ runs, now }: TrackerParts, { experimentId, name, params }: RunInput): Promise<string> {
  const key = { experimentId: requireText(experimentId, 'experimentId'), name: requireText(name, 'name') };
  return insertOrFind(
    async () => {
      const _id = newId('run');
      const paramsJson = packJson(params, 'params');
      const order = new ObjectId().toHexString();
      await runs.insertOne({ _id, ...key, status: 'RUNNING', paramsJson, startedAt: now(), endedAt: null, order });
      return _id;
    },
    async () => (await runs.findOne(key))?._id ?? null,
  );
}

/** A step logged again, by a resumed job, replaces what it logged before. */
async function logMetrics({ points }: TrackerParts, runId: string, given: readonly MetricPoint[]): Promise<void> {
  if (given.length === 0) return;
  requireText(runId, 'runId');
  await points.bulkWrite(
    given.map(({ key, value, step, timestamp }) => ({
      replaceOne: {
        filter: { _id: JSON.stringify([runId, key, step]) },
        replacement: { runId, key, value, step, timestamp },
        upsert: true,
      },
    })),
    { ordered: true },
  );
}

/** Last value of each metric, by step. */
async function findLastValues(
  { points }: TrackerParts,
  runIds: readonly string[],
): Promise<Map<string, Record<string, number>>> {
  const found = await points
    .find({ runId: { $in: [...runIds] } }, { projection: { runId: 1, key: 1, value: 1, step: 1 } })
    .sort({ step: 1 })
    .toArray();
  const values = new Map<string, Map<string, number>>();
  for (const { runId, key, value } of found) {
    const run = values.get(runId) ?? new Map<string, number>();
    values.set(runId, run.set(key, value));
  }
  return new Map([...values].map(([runId, run]) => [runId, Object.fromEntries(run)]));
}

async function toRuns(parts: TrackerParts, documents: RunDocument[]): Promise<TrackedRun[]> {
  const metrics = await findLastValues(
    parts,
    documents.map((run) => run._id),
  );
  return documents.map(({ _id, paramsJson, order: _order, ...run }) => ({
    ...run,
    runId: _id,
    params: unpackJson(paramsJson),
    metrics: metrics.get(_id) ?? {},
  }));
}

async function registerVersion({ versions, now }: TrackerParts, input: VersionInput): Promise<number> {
  const { name, modelId, runId } = input;
  const key = { name: requireText(name, 'name'), modelId: requireText(modelId, 'modelId') };
  for (;;) {
    const known = await versions.findOne(key);
    if (known !== null) return known.version;
    const [last] = await versions.find({ name }).sort({ version: -1 }).limit(1).toArray();
    const version = (last?.version ?? 0) + 1;
    try {
      await versions.insertOne({ _id: JSON.stringify([name, modelId]), ...key, runId, version, createdAt: now() });
      return version;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** The built-in tracker: the same port as MLflow, kept in MongoDB; artefacts go to the object store. */
export function createTracker(parts: TrackerParts, objects: ObjectStore): Tracker {
  const { runs, points } = parts;
  return {
    createExperiment: (name) => createExperiment(parts, name),
    createRun: (input) => createRun(parts, input),
    logMetrics: (runId, given) => logMetrics(parts, runId, given),
    logArtefact: (runId, path, bytes) => objects.putObject(`tracker/${requireText(runId, 'runId')}/${path}`, bytes),
    async endRun(runId, status) {
      const $set = { status, endedAt: parts.now() };
      const ended = await runs.updateOne({ _id: requireText(runId, 'runId') }, { $set });
      if (ended.matchedCount === 0) throw runMissing(runId);
    },
    async getRun(runId) {
      const run = await runs.findOne({ _id: requireText(runId, 'runId') });
      const [tracked] = run === null ? [] : await toRuns(parts, [run]);
      if (tracked === undefined) throw runMissing(runId);
      return tracked;
    },
    /** Newest first. */
    async listRuns({ experimentId, offset, limit }) {
      const filter = { experimentId: requireText(experimentId, 'experimentId') };
      const found = await runs.find(filter).sort({ startedAt: -1, order: -1 }).skip(offset).limit(limit).toArray();
      return toRuns(parts, found);
    },
    async listMetricHistory(runId, key) {
      const filter = { runId: requireText(runId, 'runId'), key: requireText(key, 'key') };
      const found = await points.find(filter).sort({ step: 1 }).toArray();
      return found.map(({ value, step, timestamp }) => ({ key, value, step, timestamp }));
    },
    registerModelVersion: (input) => registerVersion(parts, input),
  };
}
