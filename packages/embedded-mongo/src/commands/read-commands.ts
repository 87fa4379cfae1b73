import { aggregateDocuments } from '../aggregate-documents.ts';
import { type BsonDocument, isPlainObject } from '../bson-document.ts';
import { countDocuments, findDocuments, projectDocuments } from '../find-documents.ts';
import type { SortSpec } from '../query-plan.ts';
import { encodeValue, readValues } from '../sort-key.ts';
import { StoreError } from '../store-error.ts';
import { type Command, countOf, listOf, namespaceOf } from './command.ts';

/** Some drivers send an empty one for none. */
function hintOf({ hint }: BsonDocument): unknown {
  return isPlainObject(hint) && Object.keys(hint).length === 0 ? undefined : hint;
}

function findOptionsOf(request: BsonDocument, filterField: string) {
  return {
    filter: (request[filterField] ?? {}) as BsonDocument,
    sort: (request.sort ?? {}) as SortSpec,
    skip: countOf(request, 'skip'),
    limit: Math.abs(Number(request.limit ?? 0)),
    variables: request.let as BsonDocument | undefined,
    hint: hintOf(request),
  };
}

const find: Command = (request, context) => {
  const namespace = namespaceOf(request, 'find', context);
  if (request.tailable) throw new StoreError('NotImplemented', 'Tailable cursors are not supported');
  const { documents } = findDocuments(context.store.collections.get(namespace), findOptionsOf(request, 'filter'));
  const batchSize = countOf(request, 'batchSize');
  const projected = projectDocuments(documents, request.projection);
  if (!request.singleBatch) return context.cursors.start(namespace, projected, batchSize);
  return context.cursors.start(namespace, projected.slice(0, batchSize), Number.POSITIVE_INFINITY);
};

const getMore: Command = (request, context) => {
  const namespace = `${context.database}.${request.collection}`;
  return context.cursors.advance(Number(request.getMore), namespace, countOf(request, 'batchSize'));
};

const killCursors: Command = (request, context) => {
  const ids = listOf(request, 'cursors') as unknown[];
  const isKilled = (id: unknown) => context.cursors.remove(Number(id));
  const cursorsKilled = ids.filter(isKilled);
  return { cursorsKilled, cursorsNotFound: ids.filter((id) => !cursorsKilled.includes(id)), ok: 1 };
};

const aggregate: Command = (request, context) => {
  const collection = request.aggregate === 1 ? undefined : String(request.aggregate);
  const variables = request.let as BsonDocument | undefined;
  const target = { database: context.database, collection, variables, hint: hintOf(request) };
  const results = aggregateDocuments(context.store, target, listOf(request, 'pipeline'));
  const namespace = `${context.database}.${collection ?? '$cmd.aggregate'}`;
  return context.cursors.start(namespace, results, countOf((request.cursor ?? {}) as BsonDocument, 'batchSize'));
};

const count: Command = (request, context) => {
  const collection = context.store.collections.get(namespaceOf(request, 'count', context));
  const options = findOptionsOf(request, 'query');
  const isPlain = Object.keys(options.filter).length === 0 && !options.skip && !options.limit;
  return {
    n: isPlain ? (collection?.documents.size ?? 0) : countDocuments(collection, options),
    ok: 1,
  };
};

const distinct: Command = (request, context) => {
  const collection = context.store.collections.get(namespaceOf(request, 'distinct', context));
  const found = new Map<string, unknown>();
  for (const document of findDocuments(collection, findOptionsOf(request, 'query')).documents) {
    for (const value of readValues(document, String(request.key))) {
      if (value !== undefined && !Array.isArray(value)) found.set(encodeValue(value), value);
    }
  }
  const values = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  return { values, ok: 1 };
};

/** Enough of MongoDB's answer to tell whether an index was used and how much was read. */
const explain: Command = (request, context) => {
  const command = request.explain as BsonDocument;
  const namespace = namespaceOf(command, 'find', context);
  const result = findDocuments(context.store.collections.get(namespace), findOptionsOf(command, 'filter'));
  const [indexName] = result.indexes;
  const inputStage = { stage: 'IXSCAN', indexName };
  const winningPlan = indexName ? { stage: 'FETCH', inputStage } : { stage: 'COLLSCAN' };
  const executionStats = { nReturned: result.documents.length, totalDocsExamined: result.examined };
  return { queryPlanner: { namespace, winningPlan }, executionStats, ok: 1 };
};

export const readCommands: Record<string, Command> = {
  find,
  getMore,
  killCursors,
  aggregate,
  count,
  distinct,
  explain,
};
