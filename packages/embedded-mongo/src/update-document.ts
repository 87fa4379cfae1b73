import { Aggregator, Query, update as runOperators } from 'mingo';
import { type BsonDocument, cloneValue, isOperatorObject, isPlainObject } from './bson-document.ts';
import { encodeValue, readPath } from './sort-key.ts';
import { StoreError } from './store-error.ts';

export interface UpdateRequest {
  filter: BsonDocument;
  update: BsonDocument | BsonDocument[];
  arrayFilters?: BsonDocument[];
  isInsert?: boolean;
}

type Operators = Record<string, BsonDocument>;

const PIPELINE_STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);
const NUMERIC = new Set(['$inc', '$mul', '$bit']);
const ON_ARRAYS = new Set(['$push', '$addToSet', '$pull', '$pullAll', '$pop']);
const READ_ONLY = new Set(['$unset', '$pull', '$pullAll', '$pop', '$rename']);

export function isReplacement(update: BsonDocument | BsonDocument[]): update is BsonDocument {
  return !Array.isArray(update) && !Object.keys(update).some((key) => key.startsWith('$'));
}

/** The document after the update, as a new object; the one given is left as it is. */
export function updateDocument(document: BsonDocument, request: UpdateRequest): BsonDocument {
  const { update } = request;
  const next = Array.isArray(update)
    ? runPipeline(document, update)
    : isReplacement(update)
      ? { _id: document._id, ...cloneValue(update) }
      : runUpdateOperators(document, update as Operators, request);
  if (encodeValue(next._id) !== encodeValue(document._id)) throw immutableId();
  return next;
}

function immutableId(): StoreError {
  const message = "Performing an update on the path '_id' would modify the immutable field '_id'";
  return new StoreError('ImmutableField', message);
}

/** Setting the id to what it is changes nothing and is allowed; the engine would refuse it. */
function withoutId(document: BsonDocument, operators: Operators): Operators {
  const touchesId = (path: string) => path === '_id' || path.startsWith('_id.');
  const pairs = Object.entries(operators).map(([operator, fields]): [string, BsonDocument] => {
    if (!Object.keys(fields).some(touchesId)) return [operator, fields];
    const { _id, ...others } = fields;
    const same = operator === '$set' && encodeValue(_id) === encodeValue(document._id);
    if (!same || Object.keys(others).some(touchesId)) throw immutableId();
    return [operator, others];
  });
  return Object.fromEntries(pairs);
}

function runPipeline(document: BsonDocument, stages: BsonDocument[]): BsonDocument {
  const unknown = stages.flatMap((stage) => Object.keys(stage)).find((name) => !PIPELINE_STAGES.has(name));
  if (unknown) throw new StoreError('InvalidOptions', `${unknown} is not allowed to be used within an update`);
  const [next] = new Aggregator(stages, { scriptEnabled: false }).run<BsonDocument>([cloneValue(document)]);
  const { _id = document._id, ...rest } = next ?? {};
  return { _id, ...rest };
}

function runUpdateOperators(document: BsonDocument, update: Operators, request: UpdateRequest): BsonDocument {
  const plain = Object.keys(update).find((key) => !key.startsWith('$'));
  if (plain !== undefined)
    throw new StoreError('FailedToParse', `Unknown modifier: ${plain}. Expected a modifier starting with $`);
  const { $setOnInsert, ...given } = resolvePositions(document, update, request.filter);
  if (request.isInsert && $setOnInsert) given.$set = { ...given.$set, ...$setOnInsert };
  const operators = withoutId(document, given);
  const next = cloneValue(document);
  assertTargets(next, operators);
  for (const [path, value] of Object.entries(operators.$push ?? {})) {
    // The engine ignores $slice and $sort when it has to make the array itself.
    if (isOperatorObject(value) && !path.includes('$') && readPath(next, path) === undefined) {
      runOperators(next, { $set: { [path]: [] } });
    }
  }
  const used = Object.fromEntries(Object.entries(operators).filter(([, fields]) => Object.keys(fields).length > 0));
  if (Object.keys(used).length === 0) return next;
  runOperators(next, used, request.arrayFilters ?? [], undefined, {
    cloneMode: 'deep',
    queryOptions: { scriptEnabled: false },
  });
  return next;
}

/** MongoDB refuses what the engine would skip in silence: a path through a scalar, `$inc` of text, `$push` to a number. */
function assertTargets(document: BsonDocument, operators: Operators): void {
  for (const [operator, fields] of Object.entries(operators)) {
    for (const path of Object.keys(fields)) {
      if (path.includes('$')) continue;
      if (!READ_ONLY.has(operator)) assertPathViable(document, path);
      const value = readPath(document, path);
      if (value === undefined) continue;
      if (NUMERIC.has(operator) && typeof value !== 'number') {
        throw new StoreError('TypeMismatch', `Cannot apply ${operator} to the field '${path}' of non-numeric type`);
      }
      if (ON_ARRAYS.has(operator) && !Array.isArray(value)) {
        throw new StoreError('BadValue', `The field '${path}' must be an array for ${operator}`);
      }
    }
  }
}

function assertPathViable(document: BsonDocument, path: string): void {
  const parts = path.split('.');
  for (let length = 1; length < parts.length; length++) {
    const parent = readPath(document, parts.slice(0, length).join('.'));
    if (parent === undefined) return;
    if (isPlainObject(parent) || (Array.isArray(parent) && /^\d+$/.test(parts[length] ?? ''))) continue;
    throw new StoreError('PathNotViable', `Cannot create field '${parts[length]}' in path '${path}'`);
  }
}

/** Replaces the first `$` of each path by the position of the array element that made the filter match. */
function resolvePositions(document: BsonDocument, update: Operators, filter: BsonDocument): Operators {
  const isPositional = (path: string) => path.split('.').includes('$');
  if (!Object.values(update).some((fields) => Object.keys(fields).some(isPositional))) return update;
  const found = findPosition(document, filter);
  const rewrite = (path: string) => {
    if (!isPositional(path)) return path;
    if (found && path.startsWith(`${found.path}.$`)) {
      return `${found.path}.${found.at}${path.slice(found.path.length + 2)}`;
    }
    const message = 'The positional operator did not find the match needed from the query.';
    throw new StoreError('BadValue', message);
  };
  const rewriteFields = (fields: BsonDocument) =>
    Object.fromEntries(Object.entries(fields).map(([path, value]) => [rewrite(path), value]));
  return Object.fromEntries(Object.entries(update).map(([operator, fields]) => [operator, rewriteFields(fields)]));
}

function findPosition(document: BsonDocument, filter: BsonDocument): { path: string; at: number } | undefined {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(condition)) {
      for (const part of condition) {
        const found = findPosition(document, part);
        if (found) return found;
      }
    }
    const parts = key.split('.');
    for (let length = 1; length <= parts.length; length++) {
      const path = parts.slice(0, length).join('.');
      const value = readPath(document, path);
      if (!Array.isArray(value)) continue;
      const query = new Query({ [['v', ...parts.slice(length)].join('.')]: condition }, { scriptEnabled: false });
      const at = value.findIndex((element) => query.test({ v: [element] }));
      if (at >= 0) return { path, at };
    }
  }
  return undefined;
}

/** The fields an upsert takes over from the equality conditions of its filter. */
export function seedFromFilter(filter: BsonDocument, seed: BsonDocument = {}): BsonDocument {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(condition)) for (const part of condition) seedFromFilter(part, seed);
    if (key.startsWith('$') || condition instanceof RegExp) continue;
    const value = isOperatorObject(condition) ? condition.$eq : condition;
    if (value === undefined) continue;
    const parts = key.split('.');
    const last = parts.pop() as string;
    let target = seed;
    for (const part of parts) {
      if (!isPlainObject(target[part])) target[part] = {};
      target = target[part] as BsonDocument;
    }
    target[last] = cloneValue(value);
  }
  return seed;
}
