import type { TrackedRun, Tracker } from '@embedding-studio/contracts';
import { toMlflowKey } from './metric-keys.ts';
import { anything, type MlflowClient } from './mlflow-client.ts';
import { keyTag, ManyRuns, type MlflowRun, OneRun, parentTag, toRun } from './mlflow-shapes.ts';

const pageMax = 1_000;
/** Of an experiment with more runs only the newest are searched. */
const searchedMax = 20_000;
/** Most params that one request takes. */
const paramsMax = 100;

/** Start times of this process never repeat, so that the newest first is an order. */
let lastStart = 0;
function nextStart(): number {
  lastStart = Math.max(Date.now(), lastStart + 1);
  return lastStart;
}

/** Finds the run of that name that we made, or makes it; runs again when it had ended. */
export async function createRun(
  client: MlflowClient,
  { experimentId, name, params, parentRunId }: Parameters<Tracker['createRun']>[0],
): Promise<string> {
  const known = await findByKey(client, experimentId, name);
  if (known !== undefined) {
    if (known.info.status !== 'RUNNING')
      await client.post('runs/update', { run_id: known.info.run_id, status: 'RUNNING' }, anything);
    return known.info.run_id;
  }
  const { run } = await client.post(
    'runs/create',
    {
      ...{ experiment_id: experimentId, run_name: name, start_time: nextStart() },
      tags: [
        { key: keyTag, value: name },
        ...(parentRunId === undefined ? [] : [{ key: parentTag, value: parentRunId }]),
      ],
    },
    OneRun,
  );
  const runId = run.info.run_id;
  const pairs = Object.entries(params).map(([key, value]) => ({ key: toMlflowKey(key), value }));
  for (let start = 0; start < pairs.length; start += paramsMax)
    await client.post('runs/log-batch', { run_id: runId, params: pairs.slice(start, start + paramsMax) }, anything);
  // Another process may have made one at the same moment: the earlier one stays.
  const winner = (await findByKey(client, experimentId, name))?.info.run_id ?? runId;
  if (winner !== runId) await client.post('runs/delete', { run_id: runId }, anything);
  return winner;
}

async function findByKey(client: MlflowClient, experimentId: string, name: string): Promise<MlflowRun | undefined> {
  const found = await searchPages(client, {
    experimentId,
    order: ['attributes.start_time ASC', 'attributes.run_id ASC'],
    max: searchedMax,
    keep: ({ data }) => data.tags.some(({ key, value }) => key === keyTag && value === name),
    // A text with both kinds of quotes cannot be written in the server's filters.
    ...(name.includes("'") ? {} : { filter: `tags.\`${keyTag}\` = '${name}'` }),
  });
  return found[0];
}

/** Newest first. */
export async function listAllRuns(client: MlflowClient, experimentId: string): Promise<TrackedRun[]> {
  const found = await searchPages(client, {
    ...{ experimentId, order: ['attributes.start_time DESC', 'attributes.run_id DESC'], max: searchedMax },
  });
  return found.map(toRun);
}

interface Pages {
  experimentId: string;
  filter?: string;
  order: string[];
  max: number;
  keep?(run: MlflowRun): boolean;
}

async function searchPages(client: MlflowClient, pages: Pages): Promise<MlflowRun[]> {
  const found: MlflowRun[] = [];
  let token = '';
  do {
    const answer = await client.post(
      'runs/search',
      {
        ...{ experiment_ids: [pages.experimentId], max_results: pageMax, order_by: pages.order },
        ...(pages.filter === undefined ? {} : { filter: pages.filter }),
        ...(token === '' ? {} : { page_token: token }),
      },
      ManyRuns,
    );
    found.push(...answer.runs.filter((run) => pages.keep?.(run) ?? true));
    token = answer.next_page_token;
  } while (token !== '' && found.length < pages.max);
  return found;
}
