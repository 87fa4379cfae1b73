import { isDeepStrictEqual } from 'node:util';
import { Aggregator, ProcessingMode } from 'mingo';
import { type BsonDocument, cloneValue, isPlainObject } from './bson-document.ts';
import type { DocumentStore } from './document-store.ts';
import { countDocuments, findDocuments } from './find-documents.ts';
import type { SortSpec } from './query-plan.ts';
import { rewriteStages } from './rewrite-stages.ts';
import { StoreError } from './store-error.ts';

const NEVER_CHANGE_INPUT = new Set([
  '$match',
  '$group',
  '$count',
  '$sort',
  '$limit',
  '$skip',
  '$sortByCount',
  '$sample',
]);

interface Target {
  database: string;
  collection: string | undefined;
  variables?: BsonDocument;
  hint?: unknown;
}

function assertStages(pipeline: BsonDocument[]): void {
  for (const [at, stage] of pipeline.entries()) {
    const names = Object.keys(stage);
    if (names.length !== 1) throw new StoreError('BadValue', 'A pipeline stage must contain exactly one field.');
    if (names[0] === '$changeStream') {
      const message = 'The $changeStream stage is only supported on replica sets';
      throw new StoreError('ChangeStreamNotSupported', message);
    }
    if ((names[0] === '$out' || names[0] === '$merge') && at < pipeline.length - 1) {
      throw new StoreError('BadValue', `${names[0]} can only be the final stage in the pipeline`);
    }
  }
}

/** Takes the leading $match, $sort, $skip and $limit (in this order, each at most once) to where indexes serve them. */
function readInput(store: DocumentStore, target: Target, stages: BsonDocument[]): BsonDocument[] {
  const take = <T>(name: string): T | undefined => {
    if (!stages[0] || !(name in stages[0])) return undefined;
    return stages.shift()?.[name] as T;
  };
  const filter = take<BsonDocument>('$match');
  const sort = take<SortSpec>('$sort');
  const skip = take<number>('$skip');
  const limit = take<number>('$limit');
  const collection = store.collections.get(`${target.database}.${target.collection}`);
  const { variables, hint } = target;
  return findDocuments(collection, { filter, sort, skip, limit, variables, hint }).documents;
}

/** The pipeline by which drivers count, answered without gathering what is counted. */
function countOf(store: DocumentStore, target: Target, stages: BsonDocument[]): BsonDocument[] | undefined {
  const names = stages.map((stage) => Object.keys(stage)[0]).join();
  const isCount = isDeepStrictEqual(stages.at(-1)?.$group, { _id: 1, n: { $sum: 1 } });
  if (target.collection === undefined || !isCount || !/^\$match(,\$skip)?(,\$limit)?,\$group$/.test(names))
    return undefined;
  const { $match, $skip, $limit } = Object.assign({}, ...stages);
  const options = { filter: $match, skip: $skip, limit: $limit, variables: target.variables };
  const n = countDocuments(store.collections.get(`${target.database}.${target.collection}`), options);
  return n === 0 ? [] : [{ _id: 1, n }];
}

export function aggregateDocuments(store: DocumentStore, target: Target, pipeline: BsonDocument[]): BsonDocument[] {
  assertStages(pipeline);
  const stages = [...pipeline];
  const last = stages.at(-1);
  const output = last && ('$merge' in last || '$out' in last) ? stages.pop() : undefined;
  if (target.collection === undefined && !('$documents' in (stages[0] ?? {}))) {
    throw new StoreError('InvalidNamespace', 'A pipeline on a database must begin with $documents');
  }
  const count = countOf(store, target, stages);
  if (count !== undefined && !output) return count;
  const input = target.collection === undefined ? [] : readInput(store, target, stages);
  const results = stages.length === 0 ? input : runStages(store, target, { stages, input });
  if (!output) return results;
  if ('$out' in output) replaceCollection(store, target, { into: output.$out, documents: results });
  else mergeDocuments(store, target, { spec: output.$merge, documents: results });
  return [];
}

function runStages(
  store: DocumentStore,
  target: Target,
  work: { stages: BsonDocument[]; input: BsonDocument[] },
): BsonDocument[] {
  const copies = new Map<string, BsonDocument[]>();
  const isSafe = work.stages.every((stage) => NEVER_CHANGE_INPUT.has(Object.keys(stage)[0] ?? ''));
  const collectionResolver = (name: string) => {
    const documents = store.collections.get(`${target.database}.${name}`)?.documents.values() ?? [];
    const copy = copies.get(name) ?? [...documents].map(cloneValue);
    copies.set(name, copy);
    return copy;
  };
  return new Aggregator(rewriteStages(work.stages), {
    collectionResolver,
    processingMode: isSafe ? ProcessingMode.CLONE_OFF : ProcessingMode.CLONE_INPUT,
    scriptEnabled: false,
    variables: target.variables,
  }).run<BsonDocument>(work.input);
}

function outputNamespace(target: Target, into: unknown): string {
  if (typeof into === 'string') return `${target.database}.${into}`;
  const { db = target.database, coll } = isPlainObject(into) ? into : {};
  if (typeof coll !== 'string') throw new StoreError('FailedToParse', 'The output collection must have a name');
  return `${db}.${coll}`;
}

function replaceCollection(
  store: DocumentStore,
  target: Target,
  output: { into: unknown; documents: BsonDocument[] },
): void {
  const namespace = outputNamespace(target, output.into);
  const old = [...(store.collections.get(namespace)?.documents.values() ?? [])];
  for (const document of old) store.remove(namespace, document._id);
  store.create(namespace);
  for (const document of output.documents) store.insert(namespace, document);
}

function mergeDocuments(
  store: DocumentStore,
  target: Target,
  output: { spec: unknown; documents: BsonDocument[] },
): void {
  const spec = isPlainObject(output.spec) ? output.spec : { into: output.spec };
  const { whenMatched = 'merge', whenNotMatched = 'insert' } = spec;
  const namespace = outputNamespace(target, spec.into);
  const on = spec.on === undefined ? ['_id'] : [spec.on].flat().map(String);
  if (!['merge', 'replace', 'keepExisting', 'fail'].includes(String(whenMatched))) {
    throw new StoreError('NotImplemented', '$merge: whenMatched must be merge, replace, keepExisting or fail');
  }
  for (const document of output.documents) {
    const filter = Object.fromEntries(on.map((field) => [field, document[field] ?? null]));
    const [old] = findDocuments(store.collections.get(namespace), { filter, limit: 1 }).documents;
    if (!old && whenNotMatched === 'insert') store.insert(namespace, document);
    if (!old && whenNotMatched === 'fail') throw new StoreError('BadValue', '$merge found no document to merge with');
    if (!old || whenMatched === 'keepExisting') continue;
    if (whenMatched === 'fail') store.create(namespace).assertNew(old);
    const base = whenMatched === 'merge' ? old : {};
    store.replace(namespace, { ...base, ...document, _id: old._id });
  }
}
