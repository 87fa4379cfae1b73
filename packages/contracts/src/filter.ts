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

const isField = (named: { field: string; forceNotPayload?: boolean }) =>
  named.forceNotPayload !== true || findItemColumn(named.field) !== null;
const columnRule = { path: ['field'], message: `with forceNotPayload, name one of ${itemColumns.join(', ')}` };
const leaf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject({ field, forceNotPayload, ...shape })
    .refine((given) => isField(given as { field: string }), columnRule);

export type Filter =
  | { match: { field: string; value: string; forceNotPayload?: boolean } }
  | { match_phrase: { field: string; value: string; forceNotPayload?: boolean } }
  | { wildcard: { field: string; value: string; forceNotPayload?: boolean } }
  | { term: { field: string; value: Scalar; forceNotPayload?: boolean } }
  | { terms: { field: string; values: Scalar[]; forceNotPayload?: boolean } }
  | { any: { field: string; values: Scalar[]; forceNotPayload?: boolean } }
  | { all: { field: string; values: Scalar[]; forceNotPayload?: boolean } }
  | { exists: { field: string; forceNotPayload?: boolean } }
  | { range: { field: string; range: z.infer<typeof Range>; forceNotPayload?: boolean } }
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
  .refine(
    (clause) => Object.keys(clause).length === 1,
    `give exactly one of ${Object.keys(leaves).join(', ')}`,
  ) as unknown as z.ZodType<Filter, Filter>;

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
