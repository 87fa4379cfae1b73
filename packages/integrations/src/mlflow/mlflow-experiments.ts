import type { TrackedExperiment, Tracker } from '@embedding-studio/contracts';
import { anything, type MlflowClient, MlflowRefusal } from './mlflow-client.ts';
import { MadeExperiment, ManyExperiments, OneExperiment, toExperiment } from './mlflow-shapes.ts';
import { known, type Turns } from './name-turns.ts';

const pageMax = 1_000;

type Experiments = Pick<Tracker, 'createExperiment' | 'listExperiments' | 'getExperiment' | 'setExperimentTag'>;

export function createExperiments(client: MlflowClient, options: { inTurn: Turns; prefix: string }): Experiments {
  const { inTurn, prefix } = options;
  const shown = (found: TrackedExperiment): TrackedExperiment => ({ ...found, name: found.name.slice(prefix.length) });
  return {
    createExperiment: (name) => inTurn(`experiment ${name}`, () => create(client, `${prefix}${name}`)),
    listExperiments: async ({ after, limit }) => {
      const all = (await listExperiments(client)).filter(({ name }) => name.startsWith(prefix)).map(shown);
      const start = after === null ? 0 : all.findIndex(({ experimentId }) => experimentId === after) + 1;
      return after !== null && start === 0 ? [] : all.slice(start, start + limit);
    },
    getExperiment: async (experimentId) => {
      const ask = () => client.get('experiments/get', { experiment_id: experimentId }, OneExperiment);
      return shown(toExperiment((await known('experimentId', experimentId, ask)).experiment));
    },
    // Servers before 3 cannot delete a tag of an experiment: an empty one counts as none.
    setExperimentTag: async (experimentId, { key, value }) => {
      const body = { experiment_id: experimentId, key, value: value ?? '' };
      await known('experimentId', experimentId, () => client.post('experiments/set-experiment-tag', body, anything));
    },
  };
}

async function create(client: MlflowClient, name: string): Promise<string> {
  const found = await findByName(client, name);
  if (found !== null) return found;
  try {
    return (await client.post('experiments/create', { name }, MadeExperiment)).experiment_id;
  } catch (error) {
    const other = error instanceof MlflowRefusal && error.isExisting ? await findByName(client, name) : null;
    if (other === null) throw error;
    return other;
  }
}

async function findByName(client: MlflowClient, name: string): Promise<string | null> {
  try {
    const { experiment } = await client.get('experiments/get-by-name', { experiment_name: name }, OneExperiment);
    return experiment.experiment_id;
  } catch (error) {
    if (error instanceof MlflowRefusal && error.isUnknown) return null;
    throw error;
  }
}

/** Newest first. */
async function listExperiments(client: MlflowClient): Promise<TrackedExperiment[]> {
  const found = [];
  let token = '';
  do {
    const order = { max_results: pageMax, order_by: ['creation_time DESC', 'experiment_id DESC'] };
    const body = token === '' ? order : { ...order, page_token: token };
    const answer = await client.post('experiments/search', body, ManyExperiments);
    found.push(...answer.experiments);
    token = answer.next_page_token;
  } while (token !== '');
  return found.map(toExperiment);
}
