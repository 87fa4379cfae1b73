import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultMapping, plainProcessing, type TaskInputs, type TaskKind } from '@embedding-studio/contracts';
import {
  addPhrases,
  createCollection,
  requestModelDeletion,
  requestModelDeployment,
  updateImprovement,
} from '@embedding-studio/core';
import type { ContractWorld } from './contract-world.ts';

type Prepare = (contract: ContractWorld) => Promise<unknown>;

/** No worker starts it during the suite. */
const farAway = () => new Date(Date.now() + 3_600_000);

async function makeTask<K extends TaskKind>(
  { world }: ContractWorld,
  task: { kind: K; id: string; input: TaskInputs[K] },
): Promise<void> {
  await world.studio.deps.tasks.requestTask({ ...task, idempotencyKey: task.id, notBefore: farAway() });
}

const makeUpsertion = (id: string) => (contract: ContractWorld) =>
  makeTask(contract, {
    kind: 'upsertion',
    id,
    input: { items: [{ id: 'late', title: 'Late', text: '', payload: {} }] },
  });

const makeDeletion = (id: string) => (contract: ContractWorld) =>
  makeTask(contract, { kind: 'deletion', id, input: { itemIds: ['late'] } });

/** Ended, with an item that no database can hold. */
const withFailure =
  (kind: 'upsertion' | 'deletion', id: string): Prepare =>
  async ({ world }) => {
    const { tasks } = world.studio.deps;
    const poison = 'nul\u0000byte';
    const request = { id, idempotencyKey: id };
    if (kind === 'deletion') await tasks.requestTask({ ...request, kind, input: { itemIds: [poison] } });
    else {
      const items = [{ id: 'poison', title: 'Poison', text: '', payload: { colour: poison } }];
      await tasks.requestTask({ ...request, kind, input: { items } });
    }
    await world.waitForTask(id);
  };

const makeTuning = (id: string) => (contract: ContractWorld) =>
  makeTask(contract, {
    ...{ kind: 'fine_tuning', id },
    input: {
      ...{ baseModelId: contract.modelId, batchId: contract.batchId, method: 'contrastive', settings: {} },
      ...{ deploy: false, rolloutId: null },
    },
  });

const thenCanceled =
  (make: Prepare, id: string): Prepare =>
  async (contract) => {
    await make(contract);
    await contract.world.studio.deps.tasks.cancelTask(id);
  };

/** A rollout that waits for itself stays where it is. */
const makeReindex =
  (id: string): Prepare =>
  async ({ world, nextModelId }) =>
    world.studio.deps.rollouts.createRollout({
      ...{ id, state: 'gated', isInitial: true, baseModelId: null, modelId: nextModelId, batchId: null },
      ...{ sourceCollectionId: null, collectionId: null, gate: null, verification: null, waitsFor: id },
    });

const openSession: Prepare = async ({ world, real }) =>
  world.studio.deps.sessions.registerSession({
    ...{
      sessionId: 'session-2',
      query: 'boots',
      createdAt: new Date(),
      shown: [{ itemId: 'boots' }, { itemId: 'lamp' }],
    },
    ...real({}),
  });

const createNextCollection: Prepare = async ({ world, nextModelId }) =>
  createCollection({ ctx: world.ctx, input: { modelId: nextModelId } });

const addPhrase: Prepare = async ({ world }) =>
  addPhrases({ ctx: world.ctx, input: { phrases: [{ phrase: 'red shoes' }] } });

const fitCategories: Prepare = async ({ world }) => {
  const { collections, categories } = world.studio.deps;
  const live = await collections.findLiveCollection();
  const { id = '', dims = 1 } = live?.collection ?? {};
  const calibration = { temperature: 1, clickPrior: 0, centroidClicks: 10, threshold: 0.1 };
  await categories.putModel({
    model: { collectionId: id, field: 'kind', calibration, quality: null, fittedAt: new Date() },
    centroids: ['shoes', 'lamps'].map((category, place) => ({
      ...{ category, items: 3, clicks: 1 },
      centroid: Float32Array.from({ length: dims }, (_, index) => (index === place ? 1 : 0)),
    })),
    clicks: [],
  });
};

const makeSource =
  (id: string): Prepare =>
  async ({ world }) => {
    await mkdir(join(world.sourceFolder, 'films'), { recursive: true });
    await writeFile(join(world.sourceFolder, 'films/all.jsonl'), '{"name":"Solaris"}\n');
    await world.studio.deps.dataSources.createDataSource({
      ...{ id, name: id, loader: 'folder', config: { path: 'films' }, sealed: {}, references: {} },
      ...{ mapping: defaultMapping, processing: plainProcessing, deletions: 'keep' as const },
    });
  };

const makeSync = (id: string) => (contract: ContractWorld) =>
  makeTask(contract, { kind: 'data_source_sync', id, input: { sourceId: 'source-1', mode: 'full' } });

/** Of a source with an id that no item can have. */
const syncWithFailure =
  (id: string): Prepare =>
  async (contract) => {
    const { deps } = contract.world.studio;
    await makeSource(`source-of-${id}`)(contract);
    const mapping = { ...defaultMapping, id: 'missing' };
    await deps.dataSources.updateDataSource(`source-of-${id}`, { mapping });
    const input = { sourceId: `source-of-${id}`, mode: 'full' as const };
    await deps.tasks.requestTask({ kind: 'data_source_sync', id, idempotencyKey: id, input });
    await contract.world.waitForTask(id);
  };

/** Something learned, and no rollout under way. */
const learnOverlay: Prepare = async ({ world }) => {
  const { collections, improvement, rollouts } = world.studio.deps;
  const live = await collections.findLiveCollection();
  await updateImprovement({ ctx: world.ctx, input: { isOn: true } });
  const provenance = { usersEffective: 0, users: 0, sessions: 0, latest: [] };
  await improvement.putDeltas(live?.collection.id ?? '', [{ itemId: 'none', delta: null, provenance }]);
  for (const { id, state } of await rollouts.listRollouts({ offset: 0, limit: 100 }))
    if (state === 'gated')
      await rollouts.advanceRollout({ id, from: state, to: 'failed', actor: 'test', reason: 'for the test' });
};

/** What must be there before the example of a route can be run; the other examples need nothing. */
export const prepareExample: Record<string, Prepare> = {
  getSession: openSession,
  pushEvents: openSession,
  ingestEvents: openSession,
  sendBeacon: openSession,
  markIrrelevant: openSession,
  releaseBatch: openSession,
  requestImprovementFold: learnOverlay,
  rollBackImprovement: ({ world }) => updateImprovement({ ctx: world.ctx, input: { isOn: false } }),
  requestFineTuning: openSession,
  getUpsertion: makeUpsertion('upsertion-2'),
  cancelUpsertion: makeUpsertion('upsertion-3'),
  restartUpsertion: thenCanceled(makeUpsertion('upsertion-4'), 'upsertion-4'),
  retryFailedUpsertion: withFailure('upsertion', 'upsertion-5'),
  getModelUpsertion: makeUpsertion('upsertion-12'),
  cancelModelUpsertion: makeUpsertion('upsertion-13'),
  restartModelUpsertion: thenCanceled(makeUpsertion('upsertion-14'), 'upsertion-14'),
  retryFailedModelUpsertion: withFailure('upsertion', 'upsertion-15'),
  getDeletion: makeDeletion('deletion-2'),
  cancelDeletion: makeDeletion('deletion-3'),
  restartDeletion: thenCanceled(makeDeletion('deletion-4'), 'deletion-4'),
  retryFailedDeletion: withFailure('deletion', 'deletion-5'),
  getModelItemDeletion: makeDeletion('deletion-12'),
  cancelModelItemDeletion: makeDeletion('deletion-13'),
  restartModelItemDeletion: thenCanceled(makeDeletion('deletion-14'), 'deletion-14'),
  retryFailedModelItemDeletion: withFailure('deletion', 'deletion-15'),
  useSession: openSession,
  cancelFineTuning: makeTuning('fine-tuning-2'),
  restartFineTuning: thenCanceled(makeTuning('fine-tuning-3'), 'fine-tuning-3'),
  // The newest rollout that never rests: the example waits for it.
  runReindex: makeReindex('reindex-blocker'),
  getReindex: makeReindex('reindex-2'),
  cancelReindex: makeReindex('reindex-3'),
  restartReindex: async (contract) => {
    await makeReindex('reindex-4')(contract);
    await contract.world.studio.deps.rollouts.advanceRollout({
      ...{ id: 'reindex-4', from: 'gated', to: 'failed', actor: 'test', reason: 'for the test' },
    });
  },
  getModelDeployment: (contract) =>
    makeTask(contract, { kind: 'model_deployment', id: 'deploy-2', input: { modelId: contract.modelId } }),
  getModelDeploymentStatus: ({ world, modelId }) => requestModelDeployment({ ctx: world.ctx, input: { modelId } }),
  getModelDeletion: (contract) =>
    makeTask(contract, { kind: 'model_deletion', id: 'delete-2', input: { modelId: contract.nextModelId } }),
  getModelDeletionStatus: ({ world, nextModelId }) =>
    requestModelDeletion({ ctx: world.ctx, input: { modelId: nextModelId } }),
  ...Object.fromEntries(
    ['deletePhrase', 'getPhrase', 'addPhraseLabels', 'removePhraseLabels', 'addPhraseDomains', 'removePhraseDomains']
      .concat('updatePhraseProbability')
      .map((operationId) => [operationId, addPhrase]),
  ),
  getDataSource: makeSource('source-1'),
  updateDataSource: makeSource('source-2'),
  deleteDataSource: makeSource('source-3'),
  testDataSource: makeSource('source-5'),
  previewDataSource: makeSource('source-6'),
  syncDataSource: makeSource('source-4'),
  getSync: makeSync('sync-2'),
  cancelSync: makeSync('sync-3'),
  restartSync: thenCanceled(makeSync('sync-4'), 'sync-4'),
  retryFailedSync: syncWithFailure('sync-5'),
  predictCategories: fitCategories,
  createCollectionIndex: createNextCollection,
  deleteCollection: createNextCollection,
};
