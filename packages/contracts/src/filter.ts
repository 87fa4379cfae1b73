import { z } from 'zod';

/** What a filter may name besides payload fields, with `forceNotPayload`: the columns that every item has. */
export const itemColumns = ['id', 'title', 'body', 'createdAt', 'updatedAt'] as const;
export type ItemColumn = (typeof itemColumns)[number];

/** Also under the names that REST uses. */
export function findItemColumn(name: string): ItemColumn | null {
  const known: Record<string, ItemColumn> = { object_id: 'id', created_at: 'createdAt', updated_at: 'updatedAt' };
  return itemColumns.find((column) => column === (known[name] ?? name)) ?? null;
}

const depthMax = 8;
const clausesMax = 100;

/** Dots lead into nested objects; a backslash before a dot makes it part of the name. */
const field = z.string().min(1).max(256);
const forceNotPayload = z.boolean().optional();
/** Both spellings, so that one filter serves REST and typed clients. */
const columnFlags = { forceNotPayload, force_not_payload: forceNotPayload };
const text = z.string().min(1).max(1_000);
const scalar = z.union([text, z.number(), z.boolean()]);
const scalars = z.array(scalar).min(1).max(1_000);
const bound = z.union([z.number(), z.iso.datetime({ offset: true }), z.iso.date()]);
const Range = z
  .strictObject({ gte: bound, gt: bound, lte: bound, lt: bound, eq: bound })
  .partial()
  .refine((range) => Object.keys(range).length > 0, 'give at least one of gte, gt, lte, lt, eq')
  .refine(
    (range) => new Set(Object.values(range).map((value) => typeof value)).size <= 1,
    'all bounds must be numbers, or all dates',
  );

/** A field of the payload, or a column; `force_not_payload` is the name of the same flag in REST. */
export interface NamedField {
  field: string;
  forceNotPayload?: boolean;
  force_not_payload?: boolean;
}

export function isColumn({ forceNotPayload: flag, force_not_payload: restFlag }: NamedField): boolean {
  return flag === true || restFlag === true;
}

const isField = (named: NamedField) => !isColumn(named) || findItemColumn(named.field) !== null;
const columnRule = { path: ['field'], message: `with forceNotPayload, name one of ${itemColumns.join(', ')}` };
const leaf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ field, ...columnFlags, ...shape }).refine((given) => isField(given as NamedField), columnRule);

export type Filter =
  | { match: NamedField & { value: string } }
  | { match_phrase: NamedField & { value: string } }
  | { wildcard: NamedField & { value: string } }
  | { term: NamedField & { value: Scalar } }
  | { terms: NamedField & { values: Scalar[] } }
  | { any: NamedField & { values: Scalar[] } }
  | { all: NamedField & { values: Scalar[] } }
  | { exists: NamedField }
  | { range: NamedField & { range: z.infer<typeof Range> } }
  | { bool: { must?: Filter[]; should?: Filter[]; filter?: Filter[]; must_not?: Filter[] } };
type Scalar = string | number | boolean;

const clauses = z.lazy(() => z.array(FilterClause).max(clausesMax)).optional();
const leaves = {
  match: leaf({ value: text }),
  match_phrase: leaf({ value: text }),
  wildcard: leaf({ value: text }),
  term: leaf({ value: scalar }),
  terms: leaf({ values: scalars }),
  any: leaf({ values: scalars }),
  all: leaf({ values: scalars }),
  exists: leaf({}),
  range: leaf({ range: Range }),
  bool: z.strictObject({ must: clauses, should: clauses, filter: clauses, must_not: clauses }),
};

/** Exactly one operator: a union of ten objects would answer a typing error with ten complaints. */
const FilterClause: z.ZodType<Filter, Filter> = z
  .strictObject(leaves)
  .partial()
  .refine((clause) => Object.keys(clause).length === 1, `give exactly one of ${Object.keys(leaves).join(', ')}`)
  .meta({ id: 'Filter' }) as unknown as z.ZodType<Filter, Filter>;

/**
 * Which items may be found. `match`: all words, stemmed, in any order; `match_phrase`: next to each other;
 * `wildcard`: whole value, `*` any characters, `?` one, letter case ignored; `term`, `terms`, `any`: equal to the value
 * or one of them, or an array that holds it; `all`: an array that holds them all; `exists`: there and not null;
 * `range`: numbers, or dates against ISO 8601 texts; `bool`: all of `must` and `filter`, at least one of `should`,
 * none of `must_not`. A value of another type than asked for does not match.
 */
export const Filter: z.ZodType<Filter, Filter> = FilterClause.refine(
  (filter) => measureFilter(filter).depth <= depthMax,
  `nest at most ${depthMax} bool clauses`,
).refine((filter) => measureFilter(filter).clauses <= clausesMax, `give at most ${clausesMax} clauses in all`);

function measureFilter(filter: Filter): { depth: number; clauses: number } {
  if (!('bool' in filter)) return { depth: 0, clauses: 1 };
  const inner = Object.values(filter.bool).flatMap((list) => (list ?? []).map(measureFilter));
  return {
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    clauses: 1 + inner.reduce((sum, one) => sum + one.clauses, 0),
  };
}

export const SortBy = z
  .strictObject({
    field,
    order: z.enum(['asc', 'desc']).default('asc'),
    forceNotPayload: z.boolean().default(false),
  })
  .refine(isField, columnRule);
export type SortBy = z.infer<typeof SortBy>;
