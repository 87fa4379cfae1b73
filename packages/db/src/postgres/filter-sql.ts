import {
  type Filter,
  findItemColumn,
  type ItemColumn,
  isColumn,
  type NamedField,
  StudioError,
} from '@embedding-studio/contracts';
import type { Parameters } from './parameters.ts';

type Clause<Name extends string> = Extract<Filter, Record<Name, unknown>>[Name &
  keyof Extract<Filter, Record<Name, unknown>>];
type Scalar = string | number | boolean;

const columnNames: Record<ItemColumn, string> = {
  id: 'id',
  title: 'title',
  body: 'body',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
};
/** Beyond this many values one comparison with a list is cheaper than asking the index for each. */
const indexedValuesMax = 20;

/** A condition over items `i`, true or false and never null. Every value, path and pattern is a bound parameter. */
export function filterSql(filter: Filter, parameters: Parameters): string {
  if ('bool' in filter) return boolSql(filter.bool, parameters);
  if ('term' in filter) return equalsSql(filter.term, { values: [filter.term.value], parameters });
  if ('terms' in filter) return equalsSql(filter.terms, { values: filter.terms.values, parameters });
  if ('any' in filter) return equalsSql(filter.any, { values: filter.any.values, parameters });
  if ('all' in filter) return allSql(filter.all, parameters);
  if ('exists' in filter) return existsSql(filter.exists, parameters);
  if ('range' in filter) return rangeSql(filter.range, parameters);
  if ('wildcard' in filter) return wildcardSql(filter.wildcard, parameters);
  if ('match' in filter) return matchSql(filter.match, parameters);
  return phraseSql(filter.match_phrase, parameters);
}

function boolSql(bool: Clause<'bool'>, parameters: Parameters): string {
  const all = (clauses: readonly Filter[] = []) => clauses.map((clause) => filterSql(clause, parameters));
  const required = [...all(bool.must), ...all(bool.filter)];
  const should = all(bool.should);
  if (should.length > 0) required.push(`(${should.join(' OR ')})`);
  const parts = [...required, ...all(bool.must_not).map((clause) => `NOT ${clause}`)];
  return parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`;
}

/** The field as jsonb: null where the payload has no such field. */
function jsonOf(named: NamedField, parameters: Parameters): string {
  if (isColumn(named)) return `to_jsonb(i.${columnOf(named.field)})`;
  return `(i.payload #> ${parameters.bind(toPath(named.field), 'text[]')})`;
}

/** @throws StudioError INPUT_INVALID for a column that is not offered. */
export function columnOf(field: string): string {
  const column = findItemColumn(field);
  if (column === null) throw new StudioError('INPUT_INVALID', `There is no column ${field}`, { field: 'field' });
  return columnNames[column];
}

/** `a.b` leads from a to b; `a\.b` is one name. */
export function toPath(field: string): string[] {
  return (field.match(/(?:\\.|[^.\\])+|\\$/gs) ?? [field]).map((name) => name.replace(/\\(.)/gs, '$1'));
}

/** Both forms that an index over whole payloads answers: the value itself, and an array that holds it. */
function equalsSql(named: NamedField, options: { values: readonly Scalar[]; parameters: Parameters }): string {
  const { values, parameters } = options;
  if (isColumn(named) || values.length > indexedValuesMax) {
    const list = parameters.bind(
      values.map((value) => JSON.stringify(value)),
      'jsonb[]',
    );
    return `coalesce(${jsonOf(named, parameters)} @> ANY (${list}), false)`;
  }
  const path = toPath(named.field);
  const forms = values.flatMap((value) => [value, [value]]);
  const holds = forms.map((form) => `i.payload @> ${parameters.bind(JSON.stringify(nest(path, form)), 'jsonb')}`);
  return `(${holds.join(' OR ')})`;
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, name) => Object.fromEntries([[name, inner]]), value);
}

function allSql(all: Clause<'all'>, parameters: Parameters): string {
  const value = jsonOf(all, parameters);
  const list = parameters.bind(
    all.values.map((one) => JSON.stringify(one)),
    'jsonb[]',
  );
  return `coalesce(${value} @> ALL (${list}), false)`;
}

function existsSql(exists: Clause<'exists'>, parameters: Parameters): string {
  return `coalesce(${jsonOf(exists, parameters)} NOT IN ('null', '[]'), false)`;
}

const operators = { gte: '>=', gt: '>', lte: '<=', lt: '<', eq: '=' } as const;

function rangeSql({ range, ...named }: Clause<'range'>, parameters: Parameters): string {
  const bounds = Object.entries(range) as [keyof typeof operators, string | number][];
  const isDate = bounds.some(([, bound]) => typeof bound === 'string');
  const element = isDate ? `studio_instant(e #>> '{}')` : `CASE jsonb_typeof(e) WHEN 'number' THEN e::numeric END`;
  const holds = bounds.map(
    ([operator, bound]) =>
      `${element} ${operators[operator]} ${isDate ? `studio_instant(${parameters.bind(bound, 'text')})` : parameters.bind(bound, 'numeric')}`,
  );
  return someElement(jsonOf(named, parameters), holds.join(' AND '));
}

function wildcardSql(wildcard: Clause<'wildcard'>, parameters: Parameters): string {
  const pattern = wildcard.value
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
  const like = `jsonb_typeof(e) <> 'object' AND e #>> '{}' ILIKE ${parameters.bind(pattern, 'text')}`;
  return someElement(jsonOf(wildcard, parameters), like);
}

/** The value itself, or one of its elements where it is an array. */
function someElement(value: string, condition: string): string {
  return `EXISTS (SELECT FROM jsonb_path_query(${value}, '$[*]') e WHERE ${condition})`;
}

const wordsOf = (value: string) =>
  `studio_words(CASE WHEN jsonb_typeof(${value}) <> 'object' THEN ${value} #>> '{}' END)`;

function matchSql(match: Clause<'match'>, parameters: Parameters): string {
  const asked = `tsvector_to_array(studio_words(${parameters.bind(match.value, 'text')}))`;
  const held = `tsvector_to_array(${wordsOf(jsonOf(match, parameters))})`;
  return `(${asked} <> '{}' AND coalesce(${held} @> ${asked}, false))`;
}

function phraseSql(phrase: Clause<'match_phrase'>, parameters: Parameters): string {
  const held = wordsOf(jsonOf(phrase, parameters));
  return `coalesce(${held} @@ studio_phrase(${parameters.bind(phrase.value, 'text')}), false)`;
}
