import { listAuditProcedure } from './audit/list-audit.ts';
import { predictCategoriesProcedure } from './category/predict-categories.ts';
import { requestCategoryFitProcedure } from './category/request-category-fit.ts';
import { buildCollectionIndexProcedure } from './collection/build-collection-index.ts';
import { checkCollectionProcedure } from './collection/check-collection.ts';
import { createCollectionProcedure } from './collection/create-collection.ts';
import { deleteCollectionProcedure } from './collection/delete-collection.ts';
import { getCollectionProcedure } from './collection/get-collection.ts';
import { getLiveProcedure } from './collection/get-live.ts';
import { listCollectionsProcedure } from './collection/list-collections.ts';
import { rebuildIndexProcedure } from './collection/rebuild-index.ts';
import { setLiveProcedure } from './collection/set-live.ts';
import { createDataSourceProcedure } from './data-source/create-data-source.ts';
import { deleteDataSourceProcedure } from './data-source/delete-data-source.ts';
import { getDataSourceProcedure } from './data-source/get-data-source.ts';
import { listDataSourcesProcedure } from './data-source/list-data-sources.ts';
import { previewDataSourceProcedure } from './data-source/preview-data-source.ts';
import { requestSyncProcedure } from './data-source/request-sync.ts';
import { testDataSourceProcedure } from './data-source/test-data-source.ts';
import { updateDataSourceProcedure } from './data-source/update-data-source.ts';
import { requestFineTuningProcedure } from './fine-tuning/request-fine-tuning.ts';
import { eraseUserProcedure } from './improvement/erase-user.ts';
import { getImprovementProcedure } from './improvement/get-improvement.ts';
import { requestImprovementProcedure } from './improvement/request-improvement.ts';
import { rollBackImprovementProcedure } from './improvement/roll-back-improvement.ts';
import { updateImprovementProcedure } from './improvement/update-improvement.ts';
import { useSessionProcedure } from './improvement/use-session.ts';
import { averageVectorsProcedure } from './item/average-vectors.ts';
import { deleteItemsProcedure } from './item/delete-items.ts';
import { getItemProcedure } from './item/get-item.ts';
import { listItemsProcedure } from './item/list-items.ts';
import { requestDeletionProcedure } from './item/request-deletion.ts';
import { requestUpsertionProcedure } from './item/request-upsertion.ts';
import { createApiKeyProcedure } from './key/create-api-key.ts';
import { listApiKeysProcedure } from './key/list-api-keys.ts';
import { revokeApiKeyProcedure } from './key/revoke-api-key.ts';
import { rotateApiKeyProcedure } from './key/rotate-api-key.ts';
import { getModelProcedure } from './model/get-model.ts';
import { getServingStatusProcedure } from './model/get-serving-status.ts';
import { listModelsProcedure } from './model/list-models.ts';
import { requestModelDeletionProcedure } from './model/request-model-deletion.ts';
import { requestModelDeploymentProcedure } from './model/request-model-deployment.ts';
import { getSearchPluginsProcedure } from './plugin/get-search-plugins.ts';
import { listPluginsProcedure } from './plugin/list-plugins.ts';
import { updateSearchPluginsProcedure } from './plugin/update-search-plugins.ts';
import { requestRankingFitProcedure } from './ranking/request-ranking-fit.ts';
import { cancelRolloutProcedure } from './rollout/cancel-rollout.ts';
import { getReindexProcedure } from './rollout/get-reindex.ts';
import { getRolloutProcedure } from './rollout/get-rollout.ts';
import { listReindexesProcedure } from './rollout/list-reindexes.ts';
import { listRolloutsProcedure } from './rollout/list-rollouts.ts';
import { requestInitialIndexProcedure } from './rollout/request-initial-index.ts';
import { requestReindexProcedure } from './rollout/request-reindex.ts';
import { retryRolloutProcedure } from './rollout/retry-rollout.ts';
import { rollBackProcedure } from './rollout/roll-back.ts';
import { browseItemsProcedure } from './search/browse-items.ts';
import { countItemsProcedure } from './search/count-items.ts';
import { searchItemsProcedure } from './search/search-items.ts';
import { countExclusionsProcedure } from './session/count-exclusions.ts';
import { getSessionProcedure } from './session/get-session.ts';
import { importSessionsProcedure } from './session/import-sessions.ts';
import { ingestEventsProcedure } from './session/ingest-events.ts';
import { ingestUbiProcedure } from './session/ingest-ubi.ts';
import { listBatchSessionsProcedure } from './session/list-batch-sessions.ts';
import { listBatchesProcedure } from './session/list-batches.ts';
import { markIrrelevantProcedure } from './session/mark-irrelevant.ts';
import { pushEventsProcedure } from './session/push-events.ts';
import { registerSessionProcedure } from './session/register-session.ts';
import { releaseBatchProcedure } from './session/release-batch.ts';
import { addPhrasesProcedure } from './suggestion/add-phrases.ts';
import { changePhraseProcedure } from './suggestion/change-phrase.ts';
import { deletePhraseProcedure } from './suggestion/delete-phrase.ts';
import { eraseSuggestionsProcedure } from './suggestion/erase-suggestions.ts';
import { getPhraseProcedure } from './suggestion/get-phrase.ts';
import { listPhrasesProcedure } from './suggestion/list-phrases.ts';
import { removeEverywhereProcedure } from './suggestion/remove-everywhere.ts';
import { requestSuggestionLearningProcedure } from './suggestion/request-learning.ts';
import { suggestPhrasesProcedure } from './suggestion/suggest-phrases.ts';
import { pingProcedure } from './system/ping.ts';
import { cancelTaskProcedure } from './task/cancel-task.ts';
import { getTaskProcedure } from './task/get-task.ts';
import { listTasksProcedure } from './task/list-tasks.ts';
import { restartTaskProcedure } from './task/restart-task.ts';
import { retryFailedProcedure } from './task/retry-failed.ts';
import { createCallerFactory, router } from './trpc.ts';
import { deleteObjectsProcedure } from './vector/delete-objects.ts';
import { findObjectsProcedure } from './vector/find-objects.ts';
import { findSimilarProcedure } from './vector/find-similar.ts';
import { putObjectsProcedure } from './vector/put-objects.ts';

/** All that the console, the SDK and the REST table can call; one file per procedure. */
export const appRouter = router({
  system: router({ ping: pingProcedure }),
  search: router({
    searchItems: searchItemsProcedure,
    browseItems: browseItemsProcedure,
    countItems: countItemsProcedure,
  }),
  item: router({
    requestUpsertion: requestUpsertionProcedure,
    getItem: getItemProcedure,
    listItems: listItemsProcedure,
    deleteItems: deleteItemsProcedure,
    requestDeletion: requestDeletionProcedure,
    averageVectors: averageVectorsProcedure,
  }),
  session: router({
    registerSession: registerSessionProcedure,
    importSessions: importSessionsProcedure,
    getSession: getSessionProcedure,
    pushEvents: pushEventsProcedure,
    ingestEvents: ingestEventsProcedure,
    ingestUbi: ingestUbiProcedure,
    countExclusions: countExclusionsProcedure,
    markIrrelevant: markIrrelevantProcedure,
    releaseBatch: releaseBatchProcedure,
    listBatches: listBatchesProcedure,
    listBatchSessions: listBatchSessionsProcedure,
  }),
  task: router({
    getTask: getTaskProcedure,
    listTasks: listTasksProcedure,
    cancelTask: cancelTaskProcedure,
    restartTask: restartTaskProcedure,
    retryFailed: retryFailedProcedure,
  }),
  fineTuning: router({
    requestFineTuning: requestFineTuningProcedure,
  }),
  dataSource: router({
    createDataSource: createDataSourceProcedure,
    getDataSource: getDataSourceProcedure,
    listDataSources: listDataSourcesProcedure,
    updateDataSource: updateDataSourceProcedure,
    deleteDataSource: deleteDataSourceProcedure,
    testDataSource: testDataSourceProcedure,
    previewDataSource: previewDataSourceProcedure,
    requestSync: requestSyncProcedure,
  }),
  plugin: router({
    listPlugins: listPluginsProcedure,
    getSearchPlugins: getSearchPluginsProcedure,
    updateSearchPlugins: updateSearchPluginsProcedure,
  }),
  ranking: router({ requestRankingFit: requestRankingFitProcedure }),
  improvement: router({
    useSession: useSessionProcedure,
    getImprovement: getImprovementProcedure,
    updateImprovement: updateImprovementProcedure,
    requestImprovement: requestImprovementProcedure,
    rollBackImprovement: rollBackImprovementProcedure,
    eraseUser: eraseUserProcedure,
  }),
  rollout: router({
    getRollout: getRolloutProcedure,
    listRollouts: listRolloutsProcedure,
    retryRollout: retryRolloutProcedure,
    rollBack: rollBackProcedure,
    requestInitialIndex: requestInitialIndexProcedure,
    requestReindex: requestReindexProcedure,
    getReindex: getReindexProcedure,
    listReindexes: listReindexesProcedure,
    cancelRollout: cancelRolloutProcedure,
  }),
  model: router({
    listModels: listModelsProcedure,
    getModel: getModelProcedure,
    requestModelDeployment: requestModelDeploymentProcedure,
    requestModelDeletion: requestModelDeletionProcedure,
    getServingStatus: getServingStatusProcedure,
  }),
  collection: router({
    getLive: getLiveProcedure,
    listCollections: listCollectionsProcedure,
    getCollection: getCollectionProcedure,
    createCollection: createCollectionProcedure,
    buildCollectionIndex: buildCollectionIndexProcedure,
    rebuildIndex: rebuildIndexProcedure,
    checkCollection: checkCollectionProcedure,
    deleteCollection: deleteCollectionProcedure,
    setLive: setLiveProcedure,
  }),
  vector: router({
    putObjects: putObjectsProcedure,
    deleteObjects: deleteObjectsProcedure,
    findObjects: findObjectsProcedure,
    findSimilar: findSimilarProcedure,
  }),
  key: router({
    createApiKey: createApiKeyProcedure,
    listApiKeys: listApiKeysProcedure,
    revokeApiKey: revokeApiKeyProcedure,
    rotateApiKey: rotateApiKeyProcedure,
  }),
  suggestion: router({
    suggestPhrases: suggestPhrasesProcedure,
    addPhrases: addPhrasesProcedure,
    changePhrase: changePhraseProcedure,
    deletePhrase: deletePhraseProcedure,
    removeEverywhere: removeEverywhereProcedure,
    getPhrase: getPhraseProcedure,
    listPhrases: listPhrasesProcedure,
    requestSuggestionLearning: requestSuggestionLearningProcedure,
    eraseSuggestions: eraseSuggestionsProcedure,
  }),
  category: router({
    predictCategories: predictCategoriesProcedure,
    requestCategoryFit: requestCategoryFitProcedure,
  }),
  audit: router({
    listAudit: listAuditProcedure,
  }),
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
export type AppCaller = ReturnType<typeof createCaller>;
