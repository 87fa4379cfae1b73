import { join } from 'node:path';
import type { JudgedQuery, NewExperiment } from '@embedding-studio/contracts';
import type { StudioClient } from '@embedding-studio/sdk';
import { chooseDataset, type Dataset, judgeQueries, loadIcons } from '../datasets/index.ts';
import { serveUntilStopped } from '../demo/serve-until-stopped.ts';
import { readSettings } from '../environment.ts';
import { awaitRollout, requireLive } from '../eval/await-rollout.ts';
import { feedItems } from '../eval/feed-items.ts';
import { modelCacheOf, openRun } from '../eval/open-run.ts';
import { writeJson } from '../eval/write-report.ts';
import { repositoryFolder } from '../services/machine.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress } from '../terminal/progress.ts';
import { type Compared, compareModels } from './compare-models.ts';
import { damageModel } from './damage-model.ts';
import { renderOutcome } from './render-outcome.ts';
import { rollBackCanary } from './roll-back-canary.ts';
import { addIndex } from './second-index.ts';
import { expectedCtr, type Preference } from './simulated-people.ts';

export interface ExperimentDemoOptions {
  data?: string;
  model: string;
  json?: string;
  stay?: boolean;
}

const itemsMax = 1_000;
/** Of each experiment. */
const peopleMax = 3_000;
const listed = 10;
const searchesEach = 2;
const groupOf = 100;
const noise = { weak: 0.6, broken: 3 };

/** The whole of `studio demo --experiment`. */
export async function runExperimentDemo(options: ExperimentDemoOptions): Promise<void> {
  const settings = readSettings();
  const progress = createProgress();
  const started = performance.now();
  const stateFolder = findStateFolder(settings);
  const dataset = await openDataset(options, { stateFolder, sources: settings.STUDIO_SOURCES, progress });
  const folder = join(stateFolder, 'experiment-demo');
  const names = ['weak', 'broken'] as const;
  const run = await openRun({
    ...{ folder, modelCacheFolder: modelCacheOf(stateFolder), model: options.model, settings, progress },
    variables: { PART_WORDS_MAX: '40', PARTS_MAX: '1', SWEEP_INTERVAL_MS: '500' },
    more: (good) =>
      Promise.all(
        names.map((name, at) =>
          damageModel(good, { name, noise: noise[name], seed: at + 1, to: join(folder, 'models', name) }),
        ),
      ),
  });
  const { client } = run;
  try {
    const [weak, broken] = run.more;
    if (weak === undefined || broken === undefined) return;
    progress.say('the model that serves is a copy with noise on its weights; a second copy is damaged beyond use');
    await feedItems({ client, items: dataset.items, progress });
    const { id } = await client.rollout.requestInitialIndex.mutate({ modelId: weak });
    requireLive(await awaitRollout({ client, rolloutId: id, progress }));
    progress.say('indexing by the good model and by the broken one, beside what serves');
    const goodId = await addIndex({ client, liveModelId: weak, modelId: run.model.id, progress });
    const brokenId = await addIndex({ client, liveModelId: weak, modelId: broken, progress });
    const preference: Preference = { queries: chooseQueries(dataset), listed };
    const truth = await findTruth(client, { preference, collections: [undefined, goodId, brokenId] });
    const compare = (definition: NewExperiment) =>
      compareModels({ client, preference, definition, groupOf, peopleMax, searchesEach, progress });
    progress.say('interleaving: both models in one list');
    const interleaved = await compare(definitionOf('interleaving', goodId));
    await client.experiment.stopExperiment.mutate({ experimentId: interleaved.experimentId });
    progress.say('A/B test: each person sees one model');
    const tested = await compare(definitionOf('ab', goodId));
    const shipped = await ship(client, tested);
    progress.say('canary: the broken model grows by steps');
    const canary = await rollBackCanary({ client, preference, collectionId: brokenId, progress });
    const seconds = (performance.now() - started) / 1000;
    const outcome = { model: run.model.name, dataset: dataset.name, truth, interleaved, tested, shipped, canary };
    process.stdout.write(`${renderOutcome({ ...outcome, seconds }).join('\n')}\n`);
    if (options.json !== undefined) await writeJson(options.json, { ...outcome, seconds });
    if (options.stay ?? (process.stdout.isTTY && options.json === undefined)) await serveUntilStopped(progress);
  } finally {
    await run.stop();
  }
}

async function openDataset(
  { data }: ExperimentDemoOptions,
  place: {
    stateFolder: string;
    sources: Parameters<typeof chooseDataset>[0]['sources'];
    progress: ReturnType<typeof createProgress>;
  },
): Promise<Dataset> {
  const { stateFolder, sources, progress } = place;
  const cacheFolder = join(stateFolder, 'datasets');
  const whole =
    data === undefined
      ? await loadIcons()
      : await chooseDataset({ given: data, repositoryFolder, cacheFolder, sources, progress });
  progress.say(`data: ${whole.name}, ${whole.source}; people are simulated`);
  return { ...whole, items: whole.items.slice(0, itemsMax) };
}

/** Those that the items at hand answer. */
function chooseQueries(dataset: Dataset): JudgedQuery[] {
  const known = new Set(dataset.items.map(({ id }) => id));
  return judgeQueries(dataset, dataset.queries)
    .filter(({ relevant }) => Object.keys(relevant).some((itemId) => known.has(itemId)))
    .slice(0, 200);
}

function definitionOf(kind: 'interleaving' | 'ab', goodId: string): NewExperiment {
  return {
    ...{ name: `Good model, ${kind}`, hypothesis: 'The second model finds what people want more often.', kind },
    arms: [{ name: 'serving' }, { name: 'good', treatment: { collectionId: goodId } }],
    ...{ primaryMetric: 'ctr@3', guardrails: [{ metric: 'zero-result-rate', lossMax: 0.05 }] },
    ...{ unitsMin: 50, unitsExpected: 2_000 },
  };
}

/** What the click model makes of each collection's lists, in their order. */
async function findTruth(
  client: StudioClient,
  { preference, collections }: { preference: Preference; collections: readonly (string | undefined)[] },
): Promise<number[]> {
  const lists = collections.map(() => [] as { wanted: JudgedQuery; itemIds: string[] }[]);
  for (const wanted of preference.queries) {
    const settings = collections.map((collectionId) => ({ collectionId }));
    const { columns } = await client.playground.compareSearches.query({ query: wanted.text, settings, limit: listed });
    for (const [at, column] of columns.entries())
      lists[at]?.push({ wanted, itemIds: column.hits.map(({ itemId }) => itemId) });
  }
  return lists.map((list) => expectedCtr(list, 3));
}

/** Only what the figures speak for. Everybody is answered by it when this returns. */
async function ship(client: StudioClient, { experimentId, readout }: Compared): Promise<boolean> {
  if (readout.verdict !== 'ship') {
    await client.experiment.stopExperiment.mutate({ experimentId });
    return false;
  }
  await client.experiment.shipArm.mutate({ experimentId, arm: 'good' });
  return true;
}
