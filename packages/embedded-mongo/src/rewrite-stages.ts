import { type BsonDocument, isPlainObject } from './bson-document.ts';
import { StoreError } from './store-error.ts';

/** The engine puts a value that equals a boundary into the bucket below it; a `$group` over `$switch` does not. */
function bucketAsGroup(spec: BsonDocument): BsonDocument[] {
  const bounds = Array.isArray(spec.boundaries) ? spec.boundaries : [];
  if (bounds.length < 2) throw new StoreError('BadValue', "$bucket: 'boundaries' must be an array of two or more");
  const branches = bounds.slice(1).map((upper, at) => ({
    case: { $and: [{ $gte: [spec.groupBy, { $literal: bounds[at] }] }, { $lt: [spec.groupBy, { $literal: upper }] }] },
    // biome-ignore lint/suspicious/noThenProperty: MongoDB's own name for the result of a branch.
    then: { $literal: bounds[at] },
  }));
  const choice = 'default' in spec ? { branches, default: { $literal: spec.default } } : { branches };
  const output = isPlainObject(spec.output) ? spec.output : { count: { $sum: 1 } };
  return [{ $group: { _id: { $switch: choice }, ...output } }, { $sort: { _id: 1 } }];
}

/** The engine's `$count` of nothing is a document with 0; MongoDB's is no document. */
function countAsGroup(field: string): BsonDocument[] {
  return [{ $group: { _id: null, [field]: { $sum: 1 } } }, { $project: { _id: 0 } }];
}

/** Where the engine's own stage answers otherwise than MongoDB, stages that give MongoDB's answer. */
export function rewriteStages(stages: BsonDocument[]): BsonDocument[] {
  return stages.flatMap((stage) => {
    if (isPlainObject(stage.$bucket)) return bucketAsGroup(stage.$bucket);
    if (typeof stage.$count === 'string') return countAsGroup(stage.$count);
    if (!isPlainObject(stage.$facet)) return [stage];
    const branches = Object.entries(stage.$facet as Record<string, BsonDocument[]>);
    return [{ $facet: Object.fromEntries(branches.map(([name, inner]) => [name, rewriteStages(inner)])) }];
  });
}
