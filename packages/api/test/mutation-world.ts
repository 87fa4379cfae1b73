import { rolloutStep } from '@embedding-studio/contracts';
import {
  importSessions,
  inviteUser,
  registerBaseModel,
  requestDeletion,
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

const shop = slangWorld({ itemsPerTopic: 2, sessionsPerTopic: 4 });
let studio: TestStudio;
let modelId = '';
let otherModelId = '';

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
const itemId = shop.items[0]?.id ?? '';

async function openSession(): Promise<string> {
  const sessionId = fresh('session');
  const shown = [{ itemId }];
  await studio.deps.sessions.registerSession({ sessionId, query: 'q', shown, createdAt: new Date(), userId: 'u-1' });
  return sessionId;
}

async function makeUser(): Promise<string> {
  return (await createTestUser(studio, { email: `${fresh('user')}@example.org`, role: 'viewer' })).id;
}

async function makeInvitation(): Promise<string> {
  const input = { email: `${fresh('guest')}@example.org`, role: 'viewer' } as const;
  return (await inviteUser({ ctx: studio.ctx, input })).invitation.id;
}

/** A deletion that nobody starts. */
async function makeTask(): Promise<string> {
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

async function makeRollout(state: 'gated' | 'failed'): Promise<string> {
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
async function makeResting(collectionId: string): Promise<string> {
  const id = fresh('rollout');
  await studio.deps.rollouts.createRollout({
    ...{ id, state: 'verified', isInitial: true, baseModelId: null, modelId: otherModelId, batchId: null },
    ...{ sourceCollectionId: null, collectionId, gate: null, verification: null, switches: false },
  });
  return id;
}

async function makeKey(): Promise<string> {
  return (await createCaller(studio.ctx).key.createApiKey({ name: fresh('key'), scopes: ['search'] })).key.id;
}

async function makePhrase(): Promise<string> {
  const phrases = [{ phrase: fresh('phrase'), labels: ['shop'] }];
  const { phraseIds } = await createCaller(studio.ctx).suggestion.addPhrases({ phrases });
  return phraseIds[0] ?? '';
}

async function makeSource(): Promise<string> {
  const input = { name: 'films', loader: 'folder', config: { path: '.' } };
  return (await createCaller(studio.ctx).dataSource.createDataSource(input)).id;
}

async function makeView(): Promise<string> {
  const view = { page: 'search', name: fresh('view'), search: 'q=oak' };
  return (await createCaller(studio.ctx).savedView.createSavedView(view)).id;
}

async function makeRun(): Promise<{ experimentId: string; runId: string }> {
  const experimentId = await studio.deps.tracker.createExperiment('tests');
  return { experimentId, runId: await studio.deps.tracker.createRun({ experimentId, name: fresh('run'), params: {} }) };
}

async function makeTuning(): Promise<string> {
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

const dims = async () => (await studio.deps.models.getModel(modelId)).manifest.dims;
const ownId = async () => (await createCaller(studio.ctx).collection.getCollection({ modelId })).collection.id;
const liveId = async () => (await studio.deps.collections.findLive())?.collectionId ?? '';

/** A second collection that may serve, made as often as it is asked for. */
async function makeReady(): Promise<string> {
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

async function dropOthers(): Promise<void> {
  await createCaller(studio.ctx).collection.setLive({ modelId });
  for (const { id, modelId: owner } of await studio.deps.collections.listWriteTargets())
    if (owner === otherModelId) await studio.deps.collections.dropCollection(id);
}

/** One rollout at a time; a fold also needs something that was learned. */
async function makeFoldable(): Promise<void> {
  const caller = createCaller(studio.ctx);
  for (const { id, state } of await studio.deps.rollouts.listRollouts({ offset: 0, limit: 1_000 }))
    if (rolloutStep[state] !== null) await caller.rollout.cancelRollout({ rolloutId: id });
  await caller.improvement.updateImprovement({ isOn: true });
  const provenance = { usersEffective: 0, users: 0, sessions: 0, latest: [] };
  await studio.deps.improvement.putDeltas(await liveId(), [{ itemId: 'none', delta: null, provenance }]);
}

const vectorObject = async () => ({
  modelId,
  objects: [{ objectId: fresh('object'), parts: [{ vector: Array.from({ length: await dims() }, () => 0.1) }] }],
});

/** Input of a call that changes something, by procedure. */
export const mutationInputs: Record<string, () => unknown> = {
  'item.requestUpsertion': () => ({ items: [{ id: 'new', title: 'new' }] }),
  'item.deleteItems': () => ({ itemIds: [itemId] }),
  'item.requestDeletion': () => ({ itemIds: ['gone'] }),
  'session.registerSession': () => ({ sessionId: fresh('session'), query: 'q', shown: [] }),
  'session.importSessions': () => ({ sessions: [{ sessionId: fresh('session'), query: 'q', shown: [] }] }),
  'session.pushEvents': async () => ({ sessionId: await openSession(), events: [{ eventId: 'e', itemId }] }),
  'session.ingestEvents': async () => ({ events: [{ sessionId: await openSession(), eventId: 'e', itemId }] }),
  'session.ingestUbi': () => ({
    queries: [{ query_id: fresh('ubi'), user_query: 'q', query_response_hit_ids: [itemId] }],
    events: [],
  }),
  'session.markIrrelevant': async () => ({ sessionId: await openSession() }),
  'session.unmarkIrrelevant': async () => ({ sessionId: await openSession() }),
  'analytics.requestAnalyticsRebuild': async () => undefined,
  'session.releaseBatch': async () => {
    await openSession();
    return { releaseId: fresh('release') };
  },
  'task.cancelTask': async () => ({ taskId: await makeTask() }),
  'task.restartTask': async () => {
    const taskId = await makeTask();
    await studio.deps.tasks.cancelTask(taskId);
    return { taskId };
  },
  'task.retryFailed': async () => {
    const task = await requestDeletion({ ctx: studio.ctx, input: { itemIds: ['x'] } });
    const claim = await studio.deps.tasks.claimTask(task.id, 60);
    const failures = [{ itemId: 'x', stage: 'other' as const, detail: 'for the test' }];
    const held = { taskId: task.id, attempt: claim?.attempt ?? 0 };
    await studio.deps.tasks.settleTask(held, { status: 'done', result: {}, failures });
    return { taskId: task.id };
  },
  'task.throttleTask': async () => {
    const task = await requestDeletion({ ctx: studio.ctx, input: { itemIds: ['x'] } });
    return { taskId: task.id, itemsPerSecond: 5 };
  },
  'task.requestBulk': async () => {
    await studio.deps.tasks.cancelTask(await makeTask());
    const { token } = await createCaller(studio.ctx).task.previewBulk({ action: 'retry' });
    return { token };
  },
  'queue.pauseQueues': () => ({ kind: 'deletion', reason: 'for the test' }),
  'queue.resumeQueues': () => ({ kind: 'deletion' }),
  'fineTuning.stopFineTuning': async () => ({ jobId: await makeTuning() }),
  'fineTuning.resumeFineTuning': async () => {
    const jobId = await makeTuning();
    await createCaller(studio.ctx).fineTuning.stopFineTuning({ jobId });
    return { jobId };
  },
  'fineTuning.requestFineTuning': () => ({ method: 'words', idempotencyKey: fresh('tuning') }),
  'run.updateRun': async () => ({ runId: (await makeRun()).runId, note: 'better', labels: ['keep'] }),
  'run.pinBaseline': () => makeRun(),
  'ranking.requestRankingFit': async () => {
    await openSession();
    const batch = await studio.deps.sessions.releaseBatch(fresh('release'));
    return { batchId: batch?.batchId };
  },
  'dataSource.createDataSource': () => ({ name: 'films', loader: 'folder', config: { path: '.' } }),
  'dataSource.updateDataSource': async () => ({ sourceId: await makeSource(), name: 'new' }),
  'dataSource.deleteDataSource': async () => ({ sourceId: await makeSource() }),
  'dataSource.requestSync': async () => ({ sourceId: await makeSource() }),
  'plugin.updateSearchPlugins': async () => ({ collectionId: await liveId(), queryProcessors: [], rankers: [] }),
  'rollout.retryRollout': async () => ({ rolloutId: await makeRollout('failed') }),
  'rollout.cancelRollout': async () => ({ rolloutId: await makeRollout('gated') }),
  'rollout.requestReindex': async () => {
    await dropOthers();
    return { sourceModelId: modelId, destModelId: otherModelId, waitOnConflict: true };
  },
  'rollout.requestInitialIndex': () => ({ modelId }),
  'rollout.promoteRollout': async () => ({
    rolloutId: await makeResting(await makeReady()),
    expectedCollectionId: await liveId(),
  }),
  'rollout.rollBack': async () => {
    await createCaller(studio.ctx).collection.setLive({ collectionId: await makeReady() });
    return {};
  },
  'improvement.useSession': async () => ({ sessionId: await openSession() }),
  'improvement.updateImprovement': () => ({ isOn: true }),
  'improvement.requestImprovement': () => ({}),
  'improvement.requestFold': () => makeFoldable(),
  'improvement.rollBackImprovement': async () => {
    await createCaller(studio.ctx).improvement.updateImprovement({ isOn: true });
    return { version: 0 };
  },
  'user.inviteUser': () => ({ email: `${fresh('user')}@example.org`, role: 'viewer' }),
  'user.revokeInvitation': async () => ({ id: await makeInvitation() }),
  'user.changeUser': async () => ({ id: await makeUser(), role: 'analyst' }),
  'improvement.eraseUser': () => ({ userId: 'u-1' }),
  'suggestion.addPhrases': () => ({ phrases: [{ phrase: fresh('phrase') }] }),
  'suggestion.changePhrase': async () => ({ phraseId: await makePhrase(), prob: 0.5 }),
  'suggestion.deletePhrase': async () => ({ phraseId: await makePhrase() }),
  'suggestion.removeEverywhere': async () => {
    await makePhrase();
    return { from: 'labels', values: ['shop'] };
  },
  'suggestion.requestSuggestionLearning': () => undefined,
  'policy.updateRetention': () => ({ tasksDays: 30 }),
  'policy.requestRetention': () => undefined,
  'projection.requestProjection': () => ({}),
  'category.requestCategoryFit': () => ({ field: 'colour' }),
  'model.requestModelDeployment': () => ({ modelId }),
  'model.requestModelDeletion': async () => {
    await dropOthers();
    return { modelId: otherModelId };
  },
  'collection.createCollection': async () => {
    await dropOthers();
    return { modelId: otherModelId };
  },
  'collection.buildCollectionIndex': () => ({ modelId }),
  'collection.rebuildIndex': async () => ({ collectionId: await liveId() }),
  'collection.recordCheck': async () => ({ collectionId: await ownId(), queries: 2 }),
  'collection.updateSearchBeam': async () => ({ collectionId: await liveId(), efSearch: 120 }),
  'request.runRestRequest': async () => ({
    method: 'POST',
    path: '/api/v1/clickstream/session/irrelevant',
    body: { session_id: await openSession() },
  }),
  'collection.deleteCollection': async () => {
    await dropOthers();
    return { collectionId: await makeReady() };
  },
  'collection.setLive': async () => ({ collectionId: await makeReady() }),
  'vector.putObjects': vectorObject,
  'vector.deleteObjects': () => ({ modelId, objectIds: ['none'] }),
  'savedView.createSavedView': () => ({ page: 'search', name: fresh('view'), search: 'q=oak' }),
  'savedView.updateSavedView': async () => ({ viewId: await makeView(), isShared: true }),
  'savedView.deleteSavedView': async () => ({ viewId: await makeView() }),
  'judgement.judgeItem': () => ({ query: 'oak boots', itemId: shop.items[1]?.id, grade: 3 }),
  'key.createApiKey': () => ({ name: 'key', scopes: ['search'] }),
  'key.rotateApiKey': async () => ({ keyId: await makeKey() }),
  'key.revokeApiKey': async () => ({ keyId: await makeKey() }),
};
