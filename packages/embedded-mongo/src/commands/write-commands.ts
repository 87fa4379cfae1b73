import { ObjectId } from 'bson';
import { type BsonDocument, encodeDocument, isPlainObject } from '../bson-document.ts';
import type { DocumentStore } from '../document-store.ts';
import { findDocuments, projectDocuments } from '../find-documents.ts';
import type { SortSpec } from '../query-plan.ts';
import { StoreError, toStoreError } from '../store-error.ts';
import { isReplacement, seedFromFilter, updateDocument } from '../update-document.ts';
import { type Command, listOf, namespaceOf } from './command.ts';

interface UpdateStatement {
  filter: BsonDocument;
  update: BsonDocument | BsonDocument[];
  sort?: SortSpec;
  arrayFilters?: BsonDocument[];
  upsert?: boolean;
  multi?: boolean;
}

interface UpdateOutcome {
  matched: number;
  modified: number;
  before?: BsonDocument;
  after?: BsonDocument;
  upsertedId?: unknown;
}

/** Runs the statements of a bulk write; an ordered one stops at the first error. */
function runStatements(request: BsonDocument, field: string, run: (statement: BsonDocument, at: number) => void) {
  const writeErrors: BsonDocument[] = [];
  for (const [index, statement] of listOf(request, field).entries()) {
    try {
      run(statement, index);
    } catch (error) {
      const { code, message, details } = toStoreError(error);
      writeErrors.push({ index, code, errmsg: message, ...details });
      if (request.ordered !== false) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

function runUpdate(store: DocumentStore, namespace: string, statement: UpdateStatement): UpdateOutcome {
  const { filter, update, multi = false } = statement;
  if (multi && isReplacement(update)) {
    throw new StoreError('FailedToParse', 'multi update is not supported for replacement-style update');
  }
  const collection = store.collections.get(namespace);
  const { documents } = findDocuments(collection, { filter, sort: statement.sort, limit: multi ? 0 : 1 });
  const outcome: UpdateOutcome = { matched: documents.length, modified: 0 };
  for (const before of documents) {
    const after = updateDocument(before, statement);
    Object.assign(outcome, { before, after });
    if (Buffer.compare(encodeDocument(before), encodeDocument(after)) === 0) continue;
    store.replace(namespace, after);
    outcome.modified++;
  }
  if (documents.length > 0 || !statement.upsert) return outcome;
  const { _id = new ObjectId(), ...seed } = seedFromFilter(filter);
  const own = isReplacement(update) ? update._id : undefined;
  const base = isReplacement(update) ? { _id: own ?? _id } : { _id, ...seed };
  const after = store.insert(namespace, upserted(base, statement));
  return { ...outcome, after, upsertedId: after._id };
}

/** `$setOnInsert: { _id }` chooses the id of the new document; everywhere else the id may not change. */
function upserted(base: BsonDocument, statement: UpdateStatement): BsonDocument {
  const { update } = statement;
  const onInsert = Array.isArray(update) ? undefined : update.$setOnInsert;
  if (!isPlainObject(onInsert) || !('_id' in onInsert)) return updateDocument(base, { ...statement, isInsert: true });
  const { _id, ...others } = onInsert;
  const next = { ...statement, isInsert: true, update: { ...update, $setOnInsert: others } };
  return updateDocument({ ...base, _id }, next);
}

function statementOf(source: BsonDocument, filter: unknown, update: unknown): UpdateStatement {
  if (!isPlainObject(update) && !Array.isArray(update)) {
    throw new StoreError('FailedToParse', 'The update must be a document or a pipeline');
  }
  if (source.collation) throw new StoreError('NotImplemented', 'Collations are not supported');
  return { ...source, filter: (filter ?? {}) as BsonDocument, update };
}

const insert: Command = (request, context) => {
  const namespace = namespaceOf(request, 'insert', context);
  let n = 0;
  const errors = runStatements(request, 'documents', (document) => {
    context.store.insert(namespace, document);
    n++;
  });
  return { n, ...errors, ok: 1 };
};

const update: Command = (request, context) => {
  const namespace = namespaceOf(request, 'update', context);
  const upserts: BsonDocument[] = [];
  let n = 0;
  let nModified = 0;
  const errors = runStatements(request, 'updates', (entry, index) => {
    const outcome = runUpdate(context.store, namespace, statementOf(entry, entry.q, entry.u));
    n += outcome.matched;
    nModified += outcome.modified;
    if (outcome.upsertedId === undefined) return;
    n++;
    upserts.push({ index, _id: outcome.upsertedId });
  });
  return { n, nModified, ...(upserts.length > 0 ? { upserted: upserts } : {}), ...errors, ok: 1 };
};

const remove: Command = (request, context) => {
  const namespace = namespaceOf(request, 'delete', context);
  let n = 0;
  const errors = runStatements(request, 'deletes', (entry) => {
    const options = { filter: entry.q as BsonDocument, limit: Number(entry.limit ?? 0) };
    for (const { _id } of findDocuments(context.store.collections.get(namespace), options).documents) {
      context.store.remove(namespace, _id);
      n++;
    }
  });
  return { n, ...errors, ok: 1 };
};

const findAndModify: Command = (request, context) => {
  const namespace = namespaceOf(request, 'findAndModify' in request ? 'findAndModify' : 'findandmodify', context);
  const project = (document: BsonDocument | undefined) =>
    document ? projectDocuments([document], request.fields)[0] : null;
  if (request.remove) {
    const options = { filter: request.query as BsonDocument, sort: request.sort as SortSpec, limit: 1 };
    const [found] = findDocuments(context.store.collections.get(namespace), options).documents;
    if (found) context.store.remove(namespace, found._id);
    return { value: project(found), lastErrorObject: { n: found ? 1 : 0 }, ok: 1 };
  }
  const outcome = runUpdate(context.store, namespace, {
    ...statementOf(request, request.query, request.update),
    multi: false,
  });
  const { upsertedId, before, after } = outcome;
  const isUpsert = upsertedId !== undefined;
  return {
    value: project(request.new ? after : before),
    lastErrorObject: {
      n: outcome.matched + (isUpsert ? 1 : 0),
      updatedExisting: outcome.matched > 0,
      ...(isUpsert ? { upserted: upsertedId } : {}),
    },
    ok: 1,
  };
};

export const writeCommands: Record<string, Command> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
};
