import {
  type MetricPoint,
  newId,
  type ObjectStore,
  StudioError,
  type TrackedExperiment,
  type TrackedRun,
  type Tracker,
} from '@embedding-studio/contracts';
import { type Collection, ObjectId } from 'mongodb';
import { packJson, requireText, unpackJson } from './document-values.ts';
import { findInGroups, readLatest, readSeries, writePoints } from './metric-store.ts';
import { listVersions, registerVersion, setAlias } from './model-versions.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import { findRunIds } from './run-search.ts';
import type { ExperimentDocument, RunDocument, TrackerParts } from './tracker-documents.ts';

type RunInput = Parameters<Tracker['createRun']>[0];
type Tag = Parameters<Tracker['setRunTag']>[1];

function missing(field: 'runId' | 'experimentId', id: string): StudioError {
  return new StudioError('INPUT_INVALID', `No ${field === 'runId' ? 'run' : 'experiment'} ${id}`, { field });
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

async function createRun({ runs, now }: TrackerParts, input: RunInput): Promise<string> {
  const { experimentId, name, params, parentRunId } = input;
  const key = { experimentId: requireText(experimentId, 'experimentId'), name: requireText(name, 'name') };
  const runId = await insertOrFind(
    async () => {
      const _id = newId('run');
      const paramsJson = packJson(params, 'params');
      const order = new ObjectId().toHexString();
      const parent = parentRunId === undefined ? {} : { parentRunId: requireText(parentRunId, 'parentRunId') };
      const times = { startedAt: now(), endedAt: null, order };
      await runs.insertOne({ _id, ...key, ...parent, status: 'RUNNING', paramsJson, ...times });
      return _id;
    },
    async () => (await runs.findOne(key))?._id ?? null,
  );
  await runs.updateOne({ _id: runId, status: { $ne: 'RUNNING' } }, { $set: { status: 'RUNNING', endedAt: null } });
  return runId;
}

/** Tags are few and change seldom: the whole record is compared and swapped. */
async function setTag(
  collection: Collection<RunDocument> | Collection<ExperimentDocument>,
  { id, field, tag }: { id: string; field: 'runId' | 'experimentId'; tag: Tag },
): Promise<void> {
  const documents = collection as unknown as Collection<{ _id: string; tagsJson?: string }>;
  for (;;) {
    const stored = await documents.findOne({ _id: requireText(id, field) });
    if (stored === null) throw missing(field, id);
    const { [requireText(tag.key, 'key')]: _old, ...others } = tagsOf(stored);
    const tags = tag.value === null ? others : { ...others, [tag.key]: requireText(tag.value, 'value') };
    const unchanged = stored.tagsJson === undefined ? { $exists: false } : stored.tagsJson;
    const $set = { tagsJson: packJson(tags, 'tags') };
    if ((await documents.updateOne({ _id: id, tagsJson: unchanged }, { $set })).matchedCount === 1) return;
  }
}

const tagsOf = ({ tagsJson }: { tagsJson?: string }): Record<string, string> =>
  tagsJson === undefined ? {} : unpackJson(tagsJson);

function toExperiment(document: ExperimentDocument): TrackedExperiment {
  const { _id, name, createdAt } = document;
  return { experimentId: _id, name, createdAt, tags: tagsOf(document) };
}

async function toRuns(parts: TrackerParts, documents: readonly RunDocument[]): Promise<TrackedRun[]> {
  const metrics = await readLatest(
    parts,
    documents.map((run) => run._id),
  );
  return documents.map(({ _id, paramsJson, tagsJson, order: _order, ...run }) => ({
    ...run,
    runId: _id,
    parentRunId: run.parentRunId ?? null,
    params: unpackJson(paramsJson),
    tags: tagsOf({ tagsJson }),
    metrics: metrics.get(_id) ?? {},
  }));
}

async function findRuns(parts: TrackerParts, runIds: readonly string[]): Promise<TrackedRun[]> {
  const ids = runIds.map((runId) => requireText(runId, 'runId'));
  const found = await findInGroups(ids, (group) => parts.runs.find({ _id: { $in: group } }).toArray());
  const byId = new Map(found.map((run) => [run._id, run]));
  return toRuns(
    parts,
    ids.flatMap((id) => byId.get(id) ?? []),
  );
}

const artefactFolder = (runId: string): string => `tracker/${requireText(runId, 'runId')}/`;

function createArtefacts(objects: ObjectStore): Pick<Tracker, 'logArtefact' | 'listArtefacts' | 'findArtefact'> {
  return {
    logArtefact: (runId, path, bytes) => objects.putObject(`${artefactFolder(runId)}${path}`, bytes),
    async listArtefacts(runId) {
      const folder = artefactFolder(runId);
      const found = await objects.listObjects(folder);
      return found.map(({ key, bytes }) => ({ path: key.slice(folder.length), bytes }));
    },
    async findArtefact(runId, path) {
      const key = `${artefactFolder(runId)}${requireText(path, 'path')}`;
      return (await objects.hasObject(key)) ? objects.getObject(key) : null;
    },
  };
}

function createExperiments(
  parts: TrackerParts,
): Pick<Tracker, 'createExperiment' | 'listExperiments' | 'getExperiment' | 'setExperimentTag'> {
  const { experiments } = parts;
  const get = async (id: string): Promise<ExperimentDocument> => {
    const found = await experiments.findOne({ _id: requireText(id, 'experimentId') });
    if (found === null) throw missing('experimentId', id);
    return found;
  };
  return {
    createExperiment: (name) => createExperiment(parts, name),
    async listExperiments({ after, limit }) {
      const last = after === null ? null : await get(after);
      const older =
        last === null
          ? {}
          : { $or: [{ createdAt: { $lt: last.createdAt } }, { createdAt: last.createdAt, _id: { $lt: last._id } }] };
      const found = await experiments.find(older).sort({ createdAt: -1, _id: -1 }).limit(limit).toArray();
      return found.map(toExperiment);
    },
    getExperiment: async (id) => toExperiment(await get(id)),
    setExperimentTag: (id, tag) => setTag(experiments, { id, field: 'experimentId', tag }),
  };
}

/** The built-in tracker: the same port as MLflow, kept in MongoDB; artefacts go to the object store. */
export function createTracker(parts: TrackerParts, objects: ObjectStore): Tracker {
  const { runs } = parts;
  return {
    ...createExperiments(parts),
    ...createArtefacts(objects),
    createRun: (input) => createRun(parts, input),
    setRunTag: (id, tag) => setTag(runs, { id, field: 'runId', tag }),
    logMetrics: (runId, given) => writePoints(parts, runId, given),
    async endRun(runId, status) {
      const $set = { status, endedAt: parts.now() };
      const ended = await runs.updateOne({ _id: requireText(runId, 'runId') }, { $set });
      if (ended.matchedCount === 0) throw missing('runId', runId);
    },
    async getRun(runId) {
      const [run] = await findRuns(parts, [runId]);
      if (run === undefined) throw missing('runId', runId);
      return run;
    },
    findRuns: (runIds) => findRuns(parts, runIds),
    async listRuns({ experimentId, offset, limit }) {
      const filter = { experimentId: requireText(experimentId, 'experimentId') };
      const found = await runs.find(filter).sort({ startedAt: -1, order: -1 }).skip(offset).limit(limit).toArray();
      return toRuns(parts, found);
    },
    async searchRuns({ after, limit, ...search }) {
      const ids = await findRunIds(parts, search);
      const start = after === null ? 0 : ids.indexOf(after) + 1;
      const page = after !== null && start === 0 ? [] : ids.slice(start, start + limit);
      return { runs: await findRuns(parts, page), total: ids.length };
    },
    async listMetricHistory(runId, key) {
      const [series] = await readSeries(parts, { runIds: [runId], keys: [key] });
      const { steps = [], values = [], times = [] } = series ?? {};
      return Array.from(
        steps,
        (step, at): MetricPoint => ({ key, value: values[at] ?? 0, step, timestamp: new Date(times[at] ?? 0) }),
      );
    },
    listSeries: (request) => readSeries(parts, request),
    registerModelVersion: (input) => registerVersion(parts, input),
    setModelAlias: (input) => setAlias(parts, input),
    listModelVersions: (name) => listVersions(parts, name),
  };
}
