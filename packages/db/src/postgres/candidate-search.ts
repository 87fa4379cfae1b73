import type { Candidate, CandidateQuery } from '@embedding-studio/contracts';
import type { CollectionShape } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { commonWords, lexicalCtes } from './lexical-leg.ts';
import { partsFor, widthOf } from './nearest-search.ts';
import { Parameters } from './parameters.ts';
import { toVectorBytes } from './vector-bytes.ts';
import { requireWholeNumber, vectorTable } from './vector-table.ts';

export interface CandidateSql {
  /** Ends in `scored (id, item_no, cosine, lexical)`, the union of both legs' best with both scores. */
  ctes: string;
  parameters: Parameters;
  /** Beam width; null where no vector is searched. */
  width: number | null;
}

export function candidateSql({ query, shape }: { query: CandidateQuery; shape: CollectionShape }): CandidateSql {
  requireWholeNumber(query.depth, 'depth', { min: 1, max: 10_000 });
  const parameters = new Parameters();
  const words = lexicalCtes(parameters, query);
  const depth = parameters.bind(query.depth, 'int');
  const lexicalLeg = `lexical_leg AS (
    SELECT item_no, NULL::float8 AS distance FROM matched WHERE score > 0 ORDER BY score DESC, item_no LIMIT ${depth})`;
  if (query.vector === null)
    return {
      ctes: `${words}, ${lexicalLeg}, ${scored({ union: 'SELECT * FROM lexical_leg', cosine: 'NULL::float8' })}`,
      parameters,
      width: null,
    };
  const table = vectorTable(query.collectionId);
  const vector = parameters.bind(toVectorBytes(query.vector, shape.dims), 'vector');
  const parts = partsFor(query.depth, shape);
  const legs = `${lexicalLeg}, near AS MATERIALIZED (
    SELECT item_no, embedding <=> ${vector} AS distance FROM ${table} ORDER BY embedding <=> ${vector}
     LIMIT ${parameters.bind(parts, 'int')}),
  vector_leg AS (SELECT item_no, min(distance) AS distance FROM near GROUP BY item_no ORDER BY 2, 1 LIMIT ${depth})`;
  const union = 'SELECT * FROM lexical_leg UNION ALL SELECT * FROM vector_leg';
  const own = `SELECT min(v.embedding <=> ${vector}) FROM ${table} v WHERE v.item_no = c.item_no`;
  const cosine = `nullif(1 - coalesce(c.distance, (${own})), 'NaN')`;
  return { ctes: `${words}, ${legs}, ${scored({ union, cosine })}`, parameters, width: widthOf(query.efSearch, parts) };
}

function scored({ union, cosine }: { union: string; cosine: string }): string {
  return `candidates AS MATERIALIZED (SELECT item_no, min(distance) AS distance FROM (${union}) u GROUP BY item_no),
  scored AS MATERIALIZED (
    SELECT i.id, c.item_no, ${cosine} AS cosine, coalesce(m.score, 0) + coalesce(${commonWords}, 0) AS lexical
      FROM candidates c JOIN items i USING (item_no) LEFT JOIN matched m USING (item_no))`;
}

/** One row of columns: reading hundreds of rows would take the driver longer than finding them. */
export const candidateColumns = `
  (SELECT json_build_object('ids', json_agg(id), 'cosines', json_agg(cosine), 'lexicals', json_agg(lexical))
     FROM scored) AS found, coalesce((SELECT sum(idf) FROM terms), 0) AS scale`;

export interface CandidateRow {
  found: { ids: string[] | null; cosines: (number | null)[]; lexicals: number[] };
  scale: number;
}

export function toCandidates({ found, scale }: CandidateRow): Candidate[] {
  return (found.ids ?? []).map((itemId, at) => ({
    itemId,
    cosine: found.cosines[at] ?? null,
    lexical: found.lexicals[at] ?? 0,
    lexicalScale: scale,
  }));
}

/** Both legs in one statement and one round trip. Order is left to the fusion. */
export async function findCandidates(
  connection: Connection,
  { query, shape }: { query: CandidateQuery; shape: CollectionShape },
): Promise<Candidate[]> {
  const { ctes, parameters, width } = candidateSql({ query, shape });
  const name = `${width === null ? 'words' : 'candidates'}_${query.collectionId}`;
  const statement = { name, text: `WITH ${ctes} SELECT ${candidateColumns}`, values: parameters.values };
  const rows = await connection.search<CandidateRow>(statement, width);
  return rows.flatMap(toCandidates);
}
