import type { CandidateQuery, FilterPlan, FoundCandidate } from '@embedding-studio/contracts';
import type { CollectionShape } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { columnOf, filterSql, toPath } from './filter-sql.ts';
import { commonWords, lexicalCtes } from './lexical-leg.ts';
import { partsFor, widthOf } from './nearest-search.ts';
import { Parameters } from './parameters.ts';
import { readNear } from './replicas/reads.ts';
import { toVectorBytes } from './vector-bytes.ts';
import { halfVector, requireWholeNumber, vectorTable } from './vector-table.ts';

export interface CandidateSearch {
  query: CandidateQuery;
  shape: CollectionShape;
  /** How to search among the items that meet the filter; needed where there is one. */
  plan?: FilterPlan | null;
}

export interface CandidateSql {
  /** Ends in `scored`: the union of both legs' best with both scores and ranks. */
  ctes: string;
  parameters: Parameters;
  /** Beam width; null where no vector is searched. */
  width: number | null;
  /** Parts wanted from the vectors. */
  parts: number;
}

interface Build extends CandidateSearch {
  parameters: Parameters;
  depth: string;
  /** Condition over items i; null where nothing is filtered. */
  where: string | null;
}

export function candidateSql(search: CandidateSearch): CandidateSql {
  const { query, shape } = search;
  requireWholeNumber(query.depth, 'depth', { min: 1, max: 10_000 });
  const parameters = new Parameters();
  const words = lexicalCtes(parameters, query);
  const depth = parameters.bind(query.depth, 'int');
  const where = query.filter === undefined ? null : filterSql(query.filter, parameters);
  const build = { ...search, parameters, depth, where };
  const legs = query.vector === null ? null : vectorLeg(build, query.vector);
  const parts = partsFor(query.depth, shape);
  return {
    ctes: [words, lexicalLeg(build), ...(legs === null ? [] : [legs.ctes]), scored(build, legs?.cosine ?? null)].join(
      ', ',
    ),
    parameters,
    width: legs === null ? null : widthOf(query.efSearch, parts),
    parts,
  };
}

function lexicalLeg({ depth, where }: Build): string {
  const allowed = where === null ? '' : `JOIN items i USING (item_no) `;
  return `lexical_leg AS (
    SELECT item_no, row_number() OVER (ORDER BY score DESC, item_no) AS lexical_rank
      FROM matched ${allowed}WHERE score > 0${where === null ? '' : ` AND ${where}`}
     ORDER BY score DESC, item_no LIMIT ${depth})`;
}

function vectorLeg(build: Build, values: Float32Array): { ctes: string; cosine: string } {
  const { parameters, query, shape, depth } = build;
  const table = vectorTable(query.collectionId);
  const vector = parameters.bind(toVectorBytes(values, shape.dims), 'vector');
  const parts = parameters.bind(partsFor(query.depth, shape), 'int');
  const ctes = `${nearestParts(build, { table, vector, parts })},
  vector_leg AS (
    SELECT item_no, distance, row_number() OVER (ORDER BY distance, item_no) AS vector_rank
      FROM (SELECT item_no, min(distance) AS distance FROM near GROUP BY item_no) n
     ORDER BY distance, item_no LIMIT ${depth})`;
  const own = (aggregate: string) =>
    `(SELECT ${aggregate}(v.embedding <=> ${vector}) FROM ${table} v WHERE v.item_no = c.item_no)`;
  const distance = query.parts === 'mean' ? own('avg') : `coalesce(c.distance, ${own('min')})`;
  return { ctes, cosine: `nullif(1 - ${distance}, 'NaN')` };
}

/** As a subquery the filter stays a check along the index scan, which goes on until enough parts have passed. */
function nearestParts(build: Build, names: { table: string; vector: string; parts: string }): string {
  const { where, plan, shape } = build;
  const { table, vector, parts } = names;
  const indexed = `${halfVector('v.embedding', shape.dims)} <=> ${halfVector(vector, shape.dims)}`;
  const near = (source: string, order: string) => `near AS MATERIALIZED (
    SELECT v.item_no, v.embedding <=> ${vector} AS distance FROM ${source} ORDER BY ${order} LIMIT ${parts})`;
  if (where === null) return near(`${table} v`, indexed);
  if (plan?.kind === 'iterative')
    return near(`${table} v WHERE (SELECT ${where} FROM items i WHERE i.item_no = v.item_no)`, indexed);
  return `allowed AS MATERIALIZED (SELECT i.item_no FROM items i WHERE ${where}),
  ${near(`allowed JOIN ${table} v USING (item_no)`, `(v.embedding <=> ${vector}) + 0`)}`;
}

function scored({ query, parameters }: Build, cosine: string | null): string {
  const union =
    cosine === null
      ? 'SELECT item_no, NULL::float8 AS distance, lexical_rank, NULL::bigint AS vector_rank FROM lexical_leg'
      : `SELECT item_no, NULL::float8 AS distance, lexical_rank, NULL::bigint AS vector_rank FROM lexical_leg
         UNION ALL SELECT item_no, distance, NULL, vector_rank FROM vector_leg`;
  return `candidates AS MATERIALIZED (
    SELECT item_no, min(distance) AS distance, min(lexical_rank) AS lexical_rank, min(vector_rank) AS vector_rank
      FROM (${union}) u GROUP BY item_no),
  scored AS MATERIALIZED (
    SELECT i.id, c.item_no, c.lexical_rank, c.vector_rank, ${cosine ?? 'NULL::float8'} AS cosine,
           coalesce(m.score, 0) + coalesce(${commonWords}, 0) AS lexical, ${sortValue(query.sortBy, parameters)} AS sort_value
      FROM candidates c JOIN items i USING (item_no) LEFT JOIN matched m USING (item_no))`;
}

function sortValue(sortBy: CandidateQuery['sortBy'], parameters: Parameters): string {
  if (sortBy === undefined) return 'NULL::jsonb';
  return sortBy.forceNotPayload
    ? `to_jsonb(i.${columnOf(sortBy.field)})`
    : `i.payload #> ${parameters.bind(toPath(sortBy.field), 'text[]')}`;
}

/** One row of columns: reading hundreds of rows would take the driver longer than finding them. */
export const candidateColumns = `
  (SELECT json_build_object('ids', json_agg(id), 'cosines', json_agg(cosine), 'lexicals', json_agg(lexical),
            'vectorRanks', json_agg(vector_rank), 'lexicalRanks', json_agg(lexical_rank),
            'sortValues', CASE WHEN count(sort_value) > 0 THEN json_agg(sort_value) END) FROM scored) AS found,
  coalesce((SELECT sum(idf) FROM terms), 0) AS scale`;

export interface CandidateRow {
  found: {
    ids: string[] | null;
    cosines: (number | null)[];
    lexicals: number[];
    vectorRanks: (number | null)[];
    lexicalRanks: (number | null)[];
    sortValues: unknown[] | null;
  };
  scale: number;
}

export function toCandidates({ found, scale }: CandidateRow): FoundCandidate[] {
  return (found.ids ?? []).map((itemId, at) => ({
    itemId,
    cosine: found.cosines[at] ?? null,
    lexical: found.lexicals[at] ?? 0,
    lexicalScale: scale,
    vectorRank: found.vectorRanks[at] ?? null,
    lexicalRank: found.lexicalRanks[at] ?? null,
    ...(found.sortValues && { sortValue: found.sortValues[at] ?? null }),
  }));
}

/** Both legs in one statement and one round trip. Order is left to the fusion. */
export async function findCandidates(connection: Connection, search: CandidateSearch): Promise<FoundCandidate[]> {
  const { ctes, parameters, width } = candidateSql(search);
  const text = `WITH ${ctes} SELECT ${candidateColumns}`;
  const statement = { text, values: parameters.values };
  const rows = await readNear(connection, (server) => server.search<CandidateRow>(statement, width));
  return rows.flatMap(toCandidates);
}
