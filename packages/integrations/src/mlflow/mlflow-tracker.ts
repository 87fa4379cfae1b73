import { isStudioError, type TrackedRun, type Tracker } from '@embedding-studio/contracts';
import { createArtefacts } from './mlflow-artefacts.ts';
import { anything, createMlflowClient, type MlflowClient, type MlflowSettings } from './mlflow-client.ts';
import { createExperiments } from './mlflow-experiments.ts';
import { listSeries, logMetrics, mapInTurns, readHistory } from './mlflow-metrics.ts';
import { createRun, listAllRuns } from './mlflow-runs.ts';
import { OneRun, toRun } from './mlflow-shapes.ts';
import { listVersions, registerVersion, setAlias } from './mlflow-versions.ts';
import { createTurns, known, type Turns } from './name-turns.ts';
import { selectRuns } from './run-order.ts';

/** Tracking on an MLflow server: what teams that have one look at already. Runs that others made there are shown too. */
export function createMlflowTracker(settings: MlflowSettings): Tracker {
  const client = createMlflowClient(settings);
  const { prefix } = settings;
  const inTurn = createTurns();
  return {
    ...createExperiments(client, { inTurn, prefix }),
    ...createRuns(client, inTurn),
    ...createArtefacts(client),
    logMetrics: (runId, points) => ofRun(runId, () => logMetrics(client, runId, points)),
    listMetricHistory: (runId, key) => readHistory(client, runId, key),
    listSeries: (request) => listSeries(client, request),
    registerModelVersion: ({ name, ...input }) =>
      inTurn(`model ${name}`, () => registerVersion(client, { ...input, name: `${prefix}${name}` })),
    setModelAlias: ({ name, ...input }) =>
      inTurn(`model ${name}`, () => setAlias(client, { ...input, name: `${prefix}${name}` })),
    listModelVersions: (name) => listVersions(client, `${prefix}${name}`),
  };
}

function ifUnknown(error: unknown): null {
  if (isStudioError(error) && error.field === 'runId') return null;
  throw error;
}

const ofRun = <T>(runId: string, ask: () => Promise<T>): Promise<T> => known('runId', runId, ask);

function createRuns(
  client: MlflowClient,
  inTurn: Turns,
): Pick<Tracker, 'createRun' | 'setRunTag' | 'endRun' | 'getRun' | 'findRuns' | 'listRuns' | 'searchRuns'> {
  const getRun = async (runId: string): Promise<TrackedRun> =>
    toRun((await ofRun(runId, () => client.get('runs/get', { run_id: runId }, OneRun))).run);
  return {
    getRun,
    createRun: (input) => inTurn(`run ${input.experimentId} ${input.name}`, () => createRun(client, input)),
    setRunTag: async (runId, { key, value }) => {
      const change = () =>
        value === null
          ? client.post('runs/delete-tag', { run_id: runId, key }, anything)
          : client.post('runs/set-tag', { run_id: runId, key, value }, anything);
      await ofRun(runId, change);
    },
    endRun: async (runId, status) => {
      const body = { run_id: runId, status, end_time: Date.now() };
      await ofRun(runId, () => client.post('runs/update', body, anything));
    },
    findRuns: async (runIds) => {
      const found = await mapInTurns(runIds, (runId) => getRun(runId).catch(ifUnknown));
      return found.flatMap((run) => run ?? []);
    },
    listRuns: async ({ experimentId, offset, limit }) =>
      (await listAllRuns(client, experimentId)).slice(offset, offset + limit),
    searchRuns: async ({ after, limit, ...search }) => {
      const found = selectRuns(await listAllRuns(client, search.experimentId), search);
      const start = after === null ? 0 : found.findIndex(({ runId }) => runId === after) + 1;
      return { runs: after !== null && start === 0 ? [] : found.slice(start, start + limit), total: found.length };
    },
  };
}
