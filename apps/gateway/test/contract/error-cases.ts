import type { ErrorCode } from '@embedding-studio/contracts';
import type { KeyName } from './contract-world.ts';

export interface ErrorCase {
  /** What is wrong with the request. */
  name: string;
  operationId: string;
  /** Put over the example of the route. */
  change: Record<string, unknown>;
  status: number;
  code: ErrorCode;
  field?: string;
  key?: KeyName;
  /** Runs the example itself first. */
  afterExample?: true;
}

const unknownTask = { change: { task_id: 'unknown' }, status: 404, code: 'TASK_NOT_FOUND' } as const;
const unknownModel = {
  change: { embedding_model_id: 'mdl_unknown' },
  status: 404,
  code: 'MODEL_NOT_FOUND',
} as const;
const noCollection = {
  change: { embedding_model_id: 'mdl_unknown' },
  status: 404,
  code: 'COLLECTION_NOT_FOUND',
  field: 'embedding_model_id',
} as const;
const unknownPhrase = {
  change: { phrase_id: 'unknown' },
  status: 404,
  code: 'PHRASE_NOT_FOUND',
  field: 'phrase_id',
} as const;
const invalid = { status: 422, code: 'INPUT_INVALID' } as const;

const of = (operationIds: string[], rest: Omit<ErrorCase, 'operationId' | 'name'>): ErrorCase[] =>
  operationIds.map((operationId) => ({ operationId, name: `an unknown id at ${operationId}`, ...rest }));

const noSource = { change: { source_id: 'unknown' }, status: 404, code: 'DATA_SOURCE_NOT_FOUND' } as const;

const unknownIds: ErrorCase[] = [
  ...of(
    ['Upsertion', 'ModelUpsertion', 'Deletion', 'ModelItemDeletion'].flatMap((noun) =>
      ['get', 'restart', 'cancel', 'retryFailed'].map((verb) => `${verb}${noun}`),
    ),
    unknownTask,
  ),
  ...of(['getDataSource', 'updateDataSource', 'deleteDataSource', 'syncDataSource'], {
    ...noSource,
    field: 'source_id',
  }),
  ...of(['getSync', 'restartSync', 'cancelSync', 'retryFailedSync'], unknownTask),
  ...of(['getReindex', 'restartReindex', 'cancelReindex'], { ...unknownTask, field: 'task_id' }),
  ...of(['getModelDeployment', 'getModelDeletion'], unknownTask),
  ...of(['restartFineTuning', 'cancelFineTuning'], { ...unknownTask, change: { id: 'unknown' } }),
  ...of(['getModelDeploymentStatus', 'getModelDeletionStatus'], {
    ...unknownModel,
    change: { model_id: 'mdl_unknown' },
  }),
  ...of(['runModelDeployment', 'runModelDeletion', 'createCollection', 'requestFineTuning'], {
    ...unknownModel,
    change: { ...unknownModel.change, id: undefined, idempotency_key: undefined },
  }),
  ...of(['createCollectionIndex', 'deleteCollection', 'getCollection', 'setLiveCollection'], noCollection),
  ...of(['insertObjects', 'upsertObjects', 'deleteObjects', 'findObjects', 'findSimilarObjects'], noCollection),
  ...of(['runModelUpsertion', 'runModelItemDeletion'], noCollection),
  ...of(['getSession', 'pushEvents', 'markIrrelevant', 'useSession'], {
    ...{ change: { session_id: 'unknown' }, status: 404, code: 'SESSION_NOT_FOUND' },
  }),
  ...of(['deletePhrase', 'getPhrase', 'addPhraseLabels', 'removePhraseLabels', 'addPhraseDomains'], unknownPhrase),
  ...of(['removePhraseDomains', 'updatePhraseProbability'], unknownPhrase),
  ...of(['listBatchSessions'], { change: { batch_id: 'unknown' }, status: 404, code: 'BATCH_NOT_FOUND' }),
  ...of(['getLiveQueryCollection'], { change: {}, status: 404, code: 'COLLECTION_NOT_FOUND' }),
];

const conflicts: ErrorCase[] = [
  {
    ...{ name: 'an event id with another body', operationId: 'pushEvents', status: 409, code: 'EVENT_CONFLICT' },
    change: { events: [{ event_id: 'event-1', object_id: 'lamp' }] },
    afterExample: true,
  },
  {
    ...{ name: 'the live collection', operationId: 'deleteCollection', status: 409, code: 'TASK_CONFLICT' },
    change: { embedding_model_id: '{live}' },
    field: 'embedding_model_id',
  },
  {
    ...{ name: 'a model in use', operationId: 'runModelDeletion', status: 409, code: 'TASK_CONFLICT' },
    change: { embedding_model_id: '{live}', id: 'delete-used' },
    field: 'embedding_model_id',
  },
  {
    ...{ name: 'an object that is there', operationId: 'insertObjects', status: 409, code: 'TASK_CONFLICT' },
    change: {},
    field: 'objects.0.object_id',
    afterExample: true,
  },
  {
    ...{ name: 'a reindex beside a rollout', operationId: 'runReindex', status: 409, code: 'TASK_CONFLICT' },
    change: { id: 'reindex-beside', deploy_as_blue: true, wait_on_conflict: false },
  },
  {
    ...{ name: 'a reindex that moves', operationId: 'restartReindex', status: 409, code: 'TRANSITION_ILLEGAL' },
    change: { task_id: 'reindex-2' },
  },
  {
    ...{ name: 'a reindex that rests', operationId: 'cancelReindex', status: 409, code: 'TRANSITION_ILLEGAL' },
    change: {},
    afterExample: true,
  },
  {
    ...{ name: 'a retry without failures', operationId: 'retryFailedDeletion', status: 409, code: 'TASK_CONFLICT' },
    change: { task_id: 'deletion-4' },
  },
  {
    ...{ name: 'an upsertion that waits', operationId: 'restartUpsertion', status: 409, code: 'TRANSITION_ILLEGAL' },
    change: { task_id: 'upsertion-2' },
  },
];

const long = 'x'.repeat(129);
const badInput: ErrorCase[] = [
  { name: 'too many wanted', operationId: 'getTopSuggestions', change: { top_k: 101 }, field: 'top_k', ...invalid },
  {
    ...{ name: 'a phrase of 21 words', operationId: 'addPhrases', field: 'phrases.0.phrase', ...invalid },
    change: { phrases: [{ phrase: 'a '.repeat(21) }] },
  },
  {
    ...{ name: 'an impossible probability', operationId: 'updatePhraseProbability', field: 'new_prob', ...invalid },
    change: { new_prob: 1.5 },
  },
  { name: 'no field name', operationId: 'fitCategories', change: { field: 'a..b' }, field: 'field', ...invalid },
  { name: 'no limit', operationId: 'similaritySearch', change: { limit: 0 }, field: 'limit', ...invalid },
  { name: 'too high a limit', operationId: 'similaritySearch', change: { limit: 1_001 }, field: 'limit', ...invalid },
  { name: 'an offset below 0', operationId: 'similaritySearch', change: { offset: -1 }, field: 'offset', ...invalid },
  {
    ...{ name: 'an offset too far', operationId: 'similaritySearch', change: { offset: 10_001 }, field: 'offset' },
    ...invalid,
  },
  {
    ...{ name: 'an impossible distance', operationId: 'similaritySearch', change: { max_distance: -1 } },
    ...{ field: 'max_distance', ...invalid },
  },
  {
    ...{ name: 'an unknown operator', operationId: 'similaritySearch', field: 'filter.query.regexp', ...invalid },
    change: { filter: { query: { regexp: { field: 'a', value: '.*' } } } },
  },
  {
    ...{ name: 'a filter of two operators', operationId: 'payloadSearch', field: 'filter.query', ...invalid },
    change: { filter: { query: { exists: { field: 'a' }, term: { field: 'a', value: 1 } } } },
  },
  {
    ...{ name: 'a column that is not offered', operationId: 'payloadCount', ...invalid },
    ...{ field: 'filter.query.exists.field' },
    change: { filter: { query: { exists: { field: 'content_hash', force_not_payload: true } } } },
  },
  {
    ...{ name: 'a cursor that no page gave', operationId: 'payloadSearch', field: 'cursor', ...invalid },
    change: { cursor: 'bm90IG1pbmU' },
  },
  {
    ...{ name: 'a session id too long', operationId: 'similaritySearch', change: { session_id: long } },
    ...{ field: 'session_id', ...invalid },
  },
  {
    ...{ name: 'a clock of long ago', operationId: 'registerSession', change: { session_id: 'old', created_at: 1 } },
    ...{ field: 'created_at', status: 400, code: 'TIMESTAMP_INVALID' },
  },
  {
    ...{ name: 'too many shown', operationId: 'registerSession', field: 'search_results', ...invalid },
    change: { search_results: Array.from({ length: 1_001 }, () => ({ object_id: 'a' })) },
  },
  { name: 'no events', operationId: 'pushEvents', change: { events: [] }, field: 'events', ...invalid },
  { name: 'no ids', operationId: 'runDeletion', change: { object_ids: [] }, field: 'object_ids', ...invalid },
  { name: 'no items', operationId: 'runUpsertion', change: { items: [] }, field: 'items', ...invalid },
  {
    ...{ name: 'too many items', operationId: 'runUpsertion', field: 'items', ...invalid },
    change: { items: Array.from({ length: 1_001 }, () => ({ object_id: 'a' })) },
  },
  {
    ...{ name: 'a status of its own', operationId: 'listUpsertions', change: { status: 'asleep' }, field: 'status' },
    ...invalid,
  },
  { name: 'a limit in words', operationId: 'listReindexes', change: { limit: 'ten' }, field: 'limit', ...invalid },
  {
    ...{ name: 'a batch page too long', operationId: 'listBatchSessions', change: { limit: 1_001 }, field: 'limit' },
    ...invalid,
  },
  {
    ...{ name: 'a method of its own', operationId: 'requestFineTuning', field: 'metadata.method', ...invalid },
    change: { metadata: { method: 'none' }, id: undefined, idempotency_key: undefined },
  },
  {
    ...{ name: 'a source as its own goal', operationId: 'runReindex', field: 'dest.embedding_model_id', ...invalid },
    change: { id: 'reindex-self', dest: { embedding_model_id: '{live}' } },
  },
  {
    ...{ name: 'a vector too short', operationId: 'upsertObjects', field: 'objects.0.parts.0.vector', ...invalid },
    change: { objects: [{ object_id: 'vase', parts: [{ vector: [1] }] }] },
  },
  {
    ...{ name: 'a vector of texts', operationId: 'findSimilarObjects', change: { query_vector: ['a'] } },
    ...{ field: 'query_vector.0', ...invalid },
  },
  {
    ...{ name: 'a vector of another length', operationId: 'findSimilarObjects', change: { query_vector: [1, 2] } },
    ...{ field: 'query_vector', ...invalid },
  },
  {
    ...{ name: 'an average as a part', operationId: 'upsertObjects', ...invalid },
    change: { objects: [{ object_id: 'vase', parts: [{ vector: [1], is_average: true }] }] },
    field: 'objects.0.parts.0.is_average',
  },
  {
    ...{ name: 'an object twice', operationId: 'insertObjects', field: 'objects.1.object_id', ...invalid },
    change: { objects: '{twice}' },
  },
  {
    ...{ name: 'a plugin that is not there', operationId: 'updateSearchPlugins', ...invalid },
    ...{ change: { query_processors: [{ id: 'absent' }] }, field: 'query_processors.0.id' },
  },
  {
    ...{ name: 'a config that the plugin refuses', operationId: 'updateSearchPlugins', ...invalid },
    change: { rankers: [{ id: 'recency', config: { halfLifeDays: -1 } }] },
    field: 'rankers.0.config.halfLifeDays',
  },
];

export const errorCases: readonly ErrorCase[] = [...unknownIds, ...conflicts, ...badInput];

/** Codes that no single request over REST brings about, and where they are shown. */
export const shownElsewhere: Partial<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: 'every route without a key, below',
  FORBIDDEN: 'every route with a key of another scope, below',
  RATE_LIMITED: 'apps/gateway/test/limits.db.test.ts',
  BODY_TOO_LARGE: 'apps/gateway/test/rest-contract.db.test.ts',
  LIVE_COLLECTION_MISSING: 'apps/gateway/test/search.db.test.ts',
  MODEL_SERVER_UNAVAILABLE: 'apps/gateway/test/search.db.test.ts',
  EXPERIMENT_NOT_FOUND: 'packages/core/test/experiment/experiments.db.test.ts',
  PROJECT_NOT_FOUND: 'apps/gateway/test/projects.db.test.ts',
  ITEM_NOT_FOUND: 'tRPC: item.getItem',
  ROLLOUT_NOT_FOUND: 'tRPC: rollout.getRollout',
  LIVE_POINTER_MOVED: 'tRPC: rollout.rollBack',
  DATA_SOURCE_NOT_FOUND: 'tRPC: the procedures of data sources',
  PHRASE_NOT_FOUND: 'the verbs of suggestions',
  LEASE_LOST: 'workers only',
  CATEGORY_MODEL_MISSING: 'packages/core/test/categories.db.test.ts',
  TRAINING_EVIDENCE_MISSING: 'in the task',
  GRAPH_UNSUPPORTED: 'in the task',
  MODEL_INVALID: 'in the task',
  MODEL_MEMORY_EXCEEDED: 'in the task',
  VERIFICATION_FAILED: 'in the task',
  SOURCE_UNREACHABLE: 'in the task',
  ABORTED: 'in the task',
  STORE_UNAVAILABLE: 'a store that is away: packages/db/test/postgres-faults.db.test.ts',
  SETTINGS_INVALID: 'at boot',
  INTERNAL: 'a fault of ours',
};
