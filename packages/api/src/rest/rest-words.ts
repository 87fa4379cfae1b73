import { StudioError } from '@embedding-studio/contracts';
import { findStudioError } from './error-body.ts';

/** What REST calls the fields of the verbs; names that are not here are the same, or the caller's own. */
const restNames: Record<string, string> = {
  baseModelId: 'embedding_model_id',
  afterNumber: 'after_number',
  batchId: 'batch_id',
  collectionId: 'embedding_model_id',
  createdAt: 'created_at',
  deadlineMs: 'deadline_ms',
  destModelId: 'dest.embedding_model_id',
  eventId: 'event_id',
  idempotencyKey: 'idempotency_key',
  itemId: 'object_id',
  itemIds: 'object_ids',
  maxDistance: 'max_distance',
  method: 'metadata.method',
  modelId: 'embedding_model_id',
  objectId: 'object_id',
  objectIds: 'object_ids',
  phraseId: 'phrase_id',
  query: 'search_query',
  queryProcessors: 'query_processors',
  queryVector: 'query_vector',
  reindexId: 'task_id',
  releaseId: 'release_id',
  rolloutId: 'task_id',
  sessionId: 'session_id',
  sortBy: 'sort_by',
  shown: 'search_results',
  sourceId: 'source_id',
  sourceModelId: 'source.embedding_model_id',
  taskId: 'task_id',
  textProcessors: 'text_processors',
  topK: 'top_k',
  type: 'event_type',
  vectorAdjuster: 'vector_adjuster',
};

/** A verb's refusal with the field as the REST caller wrote it. Anything else comes back as it is. */
export function inRestWords(error: unknown): unknown {
  const known = findStudioError(error);
  if (known?.field === undefined) return error;
  const names = known.field.split('.');
  // What stands below `config` has the names of the plugin.
  const ours = names.includes('config') ? names.indexOf('config') : names.length;
  const field = names.map((name, at) => (at < ours ? (restNames[name] ?? name) : name)).join('.');
  const publicMessage = known.publicMessage.replaceAll(known.field, field);
  return new StudioError(known.code, known.message, { publicMessage, field, cause: known });
}
