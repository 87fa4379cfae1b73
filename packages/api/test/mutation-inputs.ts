import { requestDeletion } from '@embedding-studio/core';
import { createCaller } from '../src/index.ts';
import {
  dims,
  dropOthers,
  experimentDraft,
  fresh,
  itemId,
  liveId,
  makeExperiment,
  makeFoldable,
  makeInvitation,
  makeKey,
  makePhrase,
  makeReady,
  makeResting,
  makeRollout,
  makeRun,
  makeRunning,
  makeSource,
  makeTask,
  makeTuning,
  makeUser,
  makeView,
  modelId,
  openSession,
  otherModelId,
  ownId,
  shop,
  studio,
} from './mutation-world.ts';

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
  'policy.updateExperimentPolicy': () => ({ holdoutShare: 0.01 }),
  'policy.requestRetention': () => undefined,
  'policy.updateTrainingPolicy': () => ({ isEnabled: true, method: 'words' }),
  'policy.updateExplorationPolicy': () => ({ epsilon: 0.02 }),
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
  'experiment.createExperiment': () => experimentDraft(),
  'experiment.updateExperiment': async () => ({ experimentId: await makeExperiment(), change: { name: 'other' } }),
  'experiment.startExperiment': async () => ({ experimentId: await makeExperiment() }),
  'experiment.stopExperiment': async () => ({ experimentId: await makeExperiment() }),
  'experiment.takeReadout': async () => ({ experimentId: await makeRunning() }),
  'experiment.shipArm': async () => ({ experimentId: await makeRunning(), arm: 'same' }),
  'experiment.rollBackExperiment': async () => ({ experimentId: await makeRunning() }),
  'savedView.createSavedView': () => ({ page: 'search', name: fresh('view'), search: 'q=oak' }),
  'savedView.updateSavedView': async () => ({ viewId: await makeView(), isShared: true }),
  'savedView.deleteSavedView': async () => ({ viewId: await makeView() }),
  'judgement.importJudgements': () => ({ format: 'qrels', text: `oak_boots 0 ${shop.items[1]?.id} 3` }),
  'judgement.requestGoldenRun': () => undefined,
  'judgement.updateGoldenPolicy': () => ({ every: 'week' }),
  'judgement.judgeItem': () => ({ query: 'oak boots', itemId: shop.items[1]?.id, grade: 3 }),
  'key.createApiKey': () => ({ name: 'key', scopes: ['search'] }),
  'key.rotateApiKey': async () => ({ keyId: await makeKey() }),
  'key.revokeApiKey': async () => ({ keyId: await makeKey() }),
};
