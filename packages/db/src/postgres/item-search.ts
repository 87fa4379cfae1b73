import { type Filter, type HitItem, type ItemQuery, type SortBy, StudioError } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';
import { columnOf, filterSql, toPath } from './filter-sql.ts';
import { Parameters } from './parameters.ts';
import { readNear } from './replicas/reads.ts';

/** Items that meet a filter, in the order of a field and then of their ids. */
export async function searchItems(connection: Connection, query: ItemQuery): Promise<HitItem[]> {
  const parameters = new Parameters();
  const value = sortExpression(query.sortBy, parameters);
  const conditions = [
    query.filter === undefined ? 'true' : filterSql(query.filter, parameters),
    ...(query.after === undefined ? [] : [await behind(connection, { query, value, parameters })]),
  ];
  const order = value === null ? 'i.id' : `${value} ${direction(query.sortBy)} NULLS LAST, i.id`;
  const text = `SELECT i.id, i.title, i.payload FROM items i WHERE ${conditions.join(' AND ')}
    ORDER BY ${order} LIMIT ${parameters.bind(query.limit, 'int')} OFFSET ${parameters.bind(query.offset, 'int')}`;
  return readNear(connection, (server) => server.query<HitItem>(text, parameters.values));
}

export async function countItems(connection: Connection, filter: Filter | undefined): Promise<number> {
  const parameters = new Parameters();
  const where = filter === undefined ? 'true' : filterSql(filter, parameters);
  const statement = `SELECT count(*)::int AS total FROM items i WHERE ${where}`;
  const [row] = await readNear(connection, (server) => server.query<{ total: number }>(statement, parameters.values));
  return row?.total ?? 0;
}

const direction = (sortBy: SortBy | undefined) => (sortBy?.order === 'desc' ? 'DESC' : 'ASC');

/** jsonb puts texts before numbers before booleans; a null in the payload counts as absent. */
function sortExpression(sortBy: SortBy | undefined, parameters: Parameters): string | null {
  if (sortBy === undefined) return null;
  if (sortBy.forceNotPayload) return `i.${columnOf(sortBy.field)}`;
  return `nullif(i.payload #> ${parameters.bind(toPath(sortBy.field), 'text[]')}, 'null')`;
}

/** The place behind an item, in the order that is asked for. */
async function behind(
  connection: Connection,
  options: { query: ItemQuery; value: string | null; parameters: Parameters },
): Promise<string> {
  const { query, value, parameters } = options;
  const after = parameters.bind(query.after, 'text');
  if (value === null) return `i.id > ${after}`;
  const known = await readNear(connection, (server) => server.query('SELECT FROM items WHERE id = $1', [query.after]));
  if (known.length === 0)
    throw new StudioError('INPUT_INVALID', `Item ${query.after} is gone: the page behind it is not known`, {
      field: 'after',
      publicMessage: 'The item that the cursor names was deleted; ask for the first page again.',
    });
  const last = `(SELECT ${value} FROM items i WHERE i.id = ${after})`;
  const further = query.sortBy?.order === 'desc' ? '<' : '>';
  return `coalesce(${value} ${further} ${last}, ${value} IS NULL AND ${last} IS NOT NULL)
    OR (${value} IS NOT DISTINCT FROM ${last} AND i.id > ${after})`
    .replace(/^/, '(')
    .replace(/$/, ')');
}
