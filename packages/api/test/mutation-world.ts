import { rolloutStep } from '@embedding-studio/contracts';
import {
  importSessions,
  inviteUser,
  registerBaseModel,
  requestInitialIndex,
  requestUpsertion,
} from '@embedding-studio/core';
import {
  createTestUser,
  drainTasks,
  openTestPlugins,
  slangWorld,
  startTestStudio,
  type TestStudio,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';
import { createCaller } from '../src/index.ts';

export const shop = slangWorld({ itemsPerTopic: 2, sessionsPerTopic: 4 });
export let studio: TestStudio;
export let modelId = '';
export let otherModelId = '';

/** A small shop that is live, ready for every mutation. One per test file. */
export async function startMutationWorld(): Promise<TestStudio> {
  studio = await startTestStudio({ plugins: await openTestPlugins({ folders: [import.meta.dirname] }) });
  const { ctx, folder, deps } = studio;
  modelId = (await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${folder}/base`) } })).id;
  await requestUpsertion({ ctx, input: { id: 'items', items: shop.items } });
  await requestInitialIndex({ ctx, input: { modelId } });
  await drainTasks(deps);
  await importSessions({ ctx, input: { sessions: shop.sessions } });
  const model = await deps.models.getModel(modelId);
  otherModelId = 'mdl_other';
  await deps.models.createModel({ ...model, id: otherModelId, name: 'other' });
  return studio;
}

let counter = 0;
export const fresh = (noun: string): string => `${noun}-${++counter}`;
export const itemId = shop.items[0]?.id ?? '';

export async function openSession(): Promise<string> {
  const sessionId = fresh('session');
  const shown = [{ itemId }];
  await studio.deps.sessions.registerSession({ sessionId, query: 'q', shown, createdAt: new Date(), userId: 'u-1' });
  return sessionId;
}

export async function makeUser(): Promise<string> {
  return (await createTestUser(studio, { email: `${fresh('user')}@example.org`, role: 'viewer' })).id;
}

export async function makeInvitation(): Promise<string> {
  const input = { email: `${fresh('guest')}@example.org`, role: 'viewer' } as const;
  return (await inviteUser({ ctx: studio.ctx, input })).invitation.id;
}

/** A deletion that nobody starts. */
export async function makeTask(): Promise<string> {
  const id = fresh('task');
  const notBefore = new Date(Date.now() + 3_600_000);
  await studio.deps.tasks.requestTask({
    kind: 'deletion',
    id,
    idempotencyKey: id,
    notBefore,
    input: { itemIds: ['x'] },
  });
  return id;
}

export async function makeRollout(state: 'gated' | 'failed'): Promise<string> {
  const id = fresh('rollout');
  const { rollouts } = studio.deps;
  await rollouts.createRollout({
    ...{ id, state: 'gated', isInitial: true, baseModelId: null, modelId: otherModelId, batchId: null },
    ...{ sourceCollectionId: null, collectionId: null, gate: null, verification: null, waitsFor: id },
  });
  if (state === 'failed')
    await rollouts.advanceRollout({ id, from: 'gated', to: 'failed', actor: 'test', reason: 'for the test' });
  return id;
}

/** A rollout that waits for somebody to promote its collection. */
export async function makeResting(collectionId: string): Promise<string> {
  const id = fresh('rollout');
  await studio.deps.rollouts.createRollout({
    ...{ id, state: 'verified', isInitial: true, baseModelId: null, modelId: otherModelId, batchId: null },
    ...{ sourceCollectionId: null, collectionId, gate: null, verification: null, switches: false },
  });
  return id;
}

export async function makeKey(): Promise<string> {
  return (await createCaller(studio.ctx).key.createApiKey({ name: fresh('key'), scopes: ['search'] })).key.id;
}

export async function makePhrase(): Promise<string> {
  const phrases = [{ phrase: fresh('phrase'), labels: ['shop'] }];
  const { phraseIds } = await createCaller(studio.ctx).suggestion.addPhrases({ phrases });
  return phraseIds[0] ?? '';
}

export async function makeSource(): Promise<string> {
  const input = { name: 'films', loader: 'folder', config: { path: '.' } };
  return (await createCaller(studio.ctx).dataSource.createDataSource(input)).id;
}

/** On a layer of its own: any number may run beside each other. */
export const experimentDraft = () => ({
  ...{ name: fresh('experiment'), kind: 'ab' as const, layer: fresh('layer'), layerShare: 0.5 },
  arms: [{ name: 'control' }, { name: 'same' }],
});

export async function makeExperiment(): Promise<string> {
  return (await createCaller(studio.ctx).experiment.createExperiment(experimentDraft())).id;
}

export async function makeRunning(): Promise<string> {
  const experimentId = await makeExperiment();
  await createCaller(studio.ctx).experiment.startExperiment({ experimentId });
  return experimentId;
}

export async function makeView(): Promise<string> {
  const view = { page: 'search', name: fresh('view'), search: 'q=oak' };
  return (await createCaller(studio.ctx).savedView.createSavedView(view)).id;
}

export async function makeRun(): Promise<{ experimentId: string; runId: string }> {
  const experimentId = await studio.deps.tracker.createExperiment('tests');
  return { experimentId, runId: await studio.deps.tracker.createRun({ experimentId, name: fresh('run'), params: {} }) };
}

export async function makeTuning(): Promise<string> {
  const input = { method: 'words', deploy: false, idempotencyKey: fresh('tuning') };
  return (await createCaller(studio.ctx).fineTuning.requestFineTuning(input)).task.id;
}

type Callable = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** Calls a procedure by its path, under a request's id. */
export async function callMutation(path: string, call: { input: unknown; requestId: string }): Promise<unknown> {
  const [noun = '', verb = ''] = path.split('.');
  const caller = createCaller({ ...studio.ctx, requestId: call.requestId }) as unknown as Callable;
  return caller[noun]?.[verb]?.(call.input);
}

export const dims = async () => (await studio.deps.models.getModel(modelId)).manifest.dims;
export const ownId = async () => (await createCaller(studio.ctx).collection.getCollection({ modelId })).collection.id;
export const liveId = async () => (await studio.deps.collections.findLive())?.collectionId ?? '';

/** A second collection that may serve, made as often as it is asked for. */
export async function makeReady(): Promise<string> {
  const { collections } = studio.deps;
  const { ranking } = await collections.getCollection(await liveId());
  const { id } = await collections.createCollection({ modelId: otherModelId, dims: await dims(), ranking });
  const items = await studio.deps.items.listItems({ after: null, limit: 1_000 });
  const rows = await collections.getVectors(
    await liveId(),
    items.map((item) => item.id),
  );
  await collections.putVectors(id, rows);
  await collections.updateCollection(id, { status: 'ready' });
  return id;
}

export async function dropOthers(): Promise<void> {
  await createCaller(studio.ctx).collection.setLive({ modelId });
  for (const { id, modelId: owner } of await studio.deps.collections.listWriteTargets())
    if (owner === otherModelId) await studio.deps.collections.dropCollection(id);
}

/** One rollout at a time; a fold also needs something that was learned. */
export async function makeFoldable(): Promise<void> {
  const caller = createCaller(studio.ctx);
  for (const { id, state } of await studio.deps.rollouts.listRollouts({ offset: 0, limit: 1_000 }))
    if (rolloutStep[state] !== null) await caller.rollout.cancelRollout({ rolloutId: id });
  await caller.improvement.updateImprovement({ isOn: true });
  const provenance = { usersEffective: 0, users: 0, sessions: 0, latest: [] };
  await studio.deps.improvement.putDeltas(await liveId(), [{ itemId: 'none', delta: null, provenance }]);
}
