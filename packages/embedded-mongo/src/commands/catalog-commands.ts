import { Query } from 'mingo';
import type { BsonDocument } from '../bson-document.ts';
import type { Collection } from '../collection.ts';
import type { IndexSpec } from '../collection-index.ts';
import { encodeValue } from '../sort-key.ts';
import { StoreError } from '../store-error.ts';
import { type Command, type CommandContext, listOf, namespaceOf } from './command.ts';

function existing(request: BsonDocument, command: string, context: CommandContext): Collection {
  const namespace = namespaceOf(request, command, context);
  const collection = context.store.collections.get(namespace);
  if (!collection) throw new StoreError('NamespaceNotFound', `ns does not exist: ${namespace}`);
  return collection;
}

function parseIndex(given: BsonDocument): IndexSpec {
  const key = (given.key ?? {}) as Record<string, unknown>;
  const fields = Object.entries(key);
  const bad = fields.find(([, way]) => way !== 1 && way !== -1);
  if (fields.length === 0 || bad) {
    const found = bad ? `${bad[0]}: ${JSON.stringify(bad[1])}` : 'no field';
    throw new StoreError('CannotCreateIndex', `An index is on fields with 1 or -1; found ${found}`);
  }
  if (given.collation) throw new StoreError('NotImplemented', 'Collations are not supported');
  const { expireAfterSeconds } = given;
  const isTtl = expireAfterSeconds !== undefined;
  if (isTtl && (fields.length !== 1 || typeof expireAfterSeconds !== 'number' || expireAfterSeconds < 0)) {
    throw new StoreError('CannotCreateIndex', 'expireAfterSeconds must be a number >= 0 on an index of one field');
  }
  const name = given.name ?? fields.flat().join('_');
  return { v: 2, ...given, key: key as IndexSpec['key'], name: String(name) };
}

/** True when the very same index is there; an error when another one has its name or its key. */
function isPresent(collection: Collection | undefined, spec: IndexSpec): boolean {
  for (const { spec: known } of collection?.indexes ?? []) {
    const sameKey = encodeValue(known.key) === encodeValue(spec.key);
    if (known.name === spec.name && !sameKey) {
      throw new StoreError('IndexKeySpecsConflict', `An index with the name ${spec.name} has another key`);
    }
    if (!sameKey) continue;
    if (known.name === '_id_') return true;
    const options = (index: IndexSpec) =>
      encodeValue([index.name, Boolean(index.unique), Boolean(index.sparse), index.expireAfterSeconds ?? null]) +
      encodeValue(index.partialFilterExpression ?? null);
    if (options(known) === options(spec)) return true;
    throw new StoreError('IndexOptionsConflict', `Index ${known.name} has the same key and other options`);
  }
  return false;
}

const createIndexes: Command = (request, context) => {
  const namespace = namespaceOf(request, 'createIndexes', context);
  const before = context.store.collections.get(namespace)?.indexes.length ?? 1;
  for (const given of listOf(request, 'indexes')) {
    const spec = parseIndex(given);
    if (!isPresent(context.store.collections.get(namespace), spec)) context.store.createIndex(namespace, spec);
  }
  const after = context.store.create(namespace).indexes.length;
  return { numIndexesBefore: before, numIndexesAfter: after, ok: 1 };
};

const listIndexes: Command = (request, context) => {
  const { namespace, indexes } = existing(request, 'listIndexes', context);
  const specs = indexes.map((index) => index.spec);
  return context.cursors.start(namespace, specs, Number.POSITIVE_INFINITY);
};

const dropIndexes: Command = (request, context) => {
  const collection = existing(request, 'dropIndexes', context);
  const nIndexesWas = collection.indexes.length;
  for (const wanted of [request.index].flat()) {
    const found = collection.indexes.filter(
      ({ spec }) =>
        (wanted === '*' && spec.name !== '_id_') ||
        spec.name === wanted ||
        encodeValue(spec.key) === encodeValue(wanted),
    );
    if (found.length === 0 && wanted !== '*') {
      throw new StoreError('IndexNotFound', `index not found: ${JSON.stringify(wanted)}`);
    }
    if (found.some(({ spec }) => spec.name === '_id_')) {
      throw new StoreError('InvalidOptions', 'cannot drop _id index');
    }
    for (const { spec } of found) context.store.dropIndex(collection, spec.name);
  }
  return { nIndexesWas, ok: 1 };
};

const create: Command = (request, context) => {
  const namespace = namespaceOf(request, 'create', context);
  const unsupported = ['capped', 'timeseries', 'validator', 'viewOn', 'collation'].find((option) => request[option]);
  if (unsupported) throw new StoreError('NotImplemented', `create: the option '${unsupported}' is not supported`);
  if (context.store.collections.has(namespace)) {
    throw new StoreError('NamespaceExists', `Collection ${namespace} already exists.`);
  }
  context.store.create(namespace);
  return { ok: 1 };
};

const drop: Command = (request, context) => {
  const { namespace, indexes } = existing(request, 'drop', context);
  context.store.drop(namespace);
  return { ns: namespace, nIndexesWas: indexes.length, ok: 1 };
};

function namesIn(context: CommandContext, database: string): string[] {
  const prefix = `${database}.`;
  const all = [...context.store.collections.keys()];
  return all.filter((namespace) => namespace.startsWith(prefix)).map((namespace) => namespace.slice(prefix.length));
}

const dropDatabase: Command = (_request, context) => {
  for (const name of namesIn(context, context.database)) context.store.drop(`${context.database}.${name}`);
  return { dropped: context.database, ok: 1 };
};

const listCollections: Command = (request, context) => {
  const filter = new Query((request.filter ?? {}) as BsonDocument, { scriptEnabled: false });
  const idIndex = { v: 2, key: { _id: 1 }, name: '_id_' };
  const all = namesIn(context, context.database).map((name) => ({
    name,
    type: 'collection',
    options: {},
    info: { readOnly: false },
    idIndex,
  }));
  const found = all.filter((entry) => filter.test(entry));
  return context.cursors.start(`${context.database}.$cmd.listCollections`, found, Number.POSITIVE_INFINITY);
};

const listDatabases: Command = (_request, context) => {
  const names = new Set([...context.store.collections.keys()].map((namespace) => namespace.split('.')[0]));
  const databases = [...names].sort().map((name) => ({ name, sizeOnDisk: 1, empty: false }));
  return { databases, totalSize: databases.length, ok: 1 };
};

export const catalogCommands: Record<string, Command> = {
  createIndexes,
  listIndexes,
  dropIndexes,
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
};
