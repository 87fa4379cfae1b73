import type { Candidate, CandidateQuery } from '@embedding-studio/contracts';
import type { CollectionShape } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { toQueryText } from './storable-text.ts';
import { toVectorBytes } from './vector-bytes.ts';
import { requireWholeNumber, vectorTable } from './vector-table.ts';

/**
 * Postings a query may read to find its items; the rarest word is always read. Commoner words than fit still count
 * in the score of every item that is found: only an item that matches nothing but them can be missed.
 */
const postingsMax = 6_000;
const partsMax = 2_000;
const efMax = 1_000;

/** Parts to fetch so that `items` different items come back, though one item may hold several of the places. */
function partsFor(items: number, shape: CollectionShape): number {
  return Math.min(Math.max(items, partsMax), items * shape.partsMax);
}

/** Beam width of an approximate search: never narrower than the parts to be found. */
function widthOf(efSearch: number, parts: number): number {
  return Math.min(efMax, Math.max(efSearch, Math.min(parts, efMax)));
}

export interface NearestQuery {
  collectionId: string;
  vector: Float32Array;
  limit: number;
  efSearch: number;
  exact?: boolean;
}

export async function findNearest(
  connection: Connection,
  { query, shape }: { query: NearestQuery; shape: CollectionShape },
): Promise<{ itemId: string; distance: number }[]> {
  requireWholeNumber(query.limit, 'limit', { min: 1, max: 10_000 });
  const vector = toVectorBytes(query.vector, shape.dims);
  const table = vectorTable(query.collectionId);
  if (query.exact === true)
    return connection.query(
      `SELECT i.id AS "itemId", n.distance FROM (
         SELECT item_no, min(embedding <=> $1::vector) AS distance FROM ${table} GROUP BY item_no) n
         JOIN items i USING (item_no) ORDER BY n.distance, i.id LIMIT $2`,
      [vector, query.limit],
    );
  const parts = partsFor(query.limit, shape);
  const statement = {
    name: `nearest_${query.collectionId}`,
    text: `WITH near AS MATERIALIZED (
        SELECT item_no, embedding <=> $1::vector AS distance FROM ${table} ORDER BY embedding <=> $1::vector LIMIT $2),
      best AS (SELECT item_no, min(distance) AS distance FROM near GROUP BY item_no)
      SELECT i.id AS "itemId", best.distance FROM best JOIN items i USING (item_no)
       ORDER BY best.distance, i.id LIMIT $3`,
    values: [vector, parts, query.limit],
  };
  return connection.search(statement, widthOf(query.efSearch, parts));
}

/** BM25F of one posting: field frequencies are normalised by their own length, weighted, then saturated once. */
const wordScore = `t.idf * f.tf / (l.k1 + f.tf)`;
const frequency = `CROSS JOIN LATERAL (SELECT
    coalesce(l.title_weight * p.title_tf / nullif(1 - l.title_b + l.title_b * p.title_len / l.title_avg, 0), 0)
  + coalesce(l.body_weight * p.body_tf / nullif(1 - l.body_b + l.body_b * p.body_len / l.body_avg, 0), 0) AS tf) f`;

const lexicalCtes = `
  settings AS MATERIALIZED (
    SELECT $2::float8 AS title_weight, $3::float8 AS body_weight, $4::float8 AS k1, $5::float8 AS title_b,
           $6::float8 AS body_b, items::float8 AS n,
           greatest(title_words::float8 / greatest(items, 1), 1e-9) AS title_avg,
           greatest(body_words::float8 / greatest(items, 1), 1e-9) AS body_avg
      FROM lexical_statistics),
  terms AS MATERIALIZED (
    SELECT x.lexeme, ln(1 + (l.n - x.df + 0.5) / (x.df + 0.5)) AS idf,
           row_number() OVER rarest = 1 OR sum(x.df) OVER rarest <= ${postingsMax} AS is_read
      FROM unnest(tsvector_to_array(studio_words($1))) AS w (word)
      JOIN lexemes x ON x.lexeme = w.word CROSS JOIN settings l
     WHERE x.df > 0 WINDOW rarest AS (ORDER BY x.df, x.lexeme)),
  matched AS MATERIALIZED (
    SELECT p.item_no, sum(${wordScore}) AS score
      FROM terms t JOIN postings p ON p.lexeme = t.lexeme CROSS JOIN settings l ${frequency}
     WHERE t.is_read GROUP BY p.item_no),
  lexical_leg AS (
    SELECT item_no, NULL::float8 AS distance FROM matched WHERE score > 0 ORDER BY score DESC, item_no LIMIT $7)`;

/** OFFSET 0 keeps each a look-up by primary key; the planner would rather read all words of the item. */
const commonWords = `(SELECT sum(${wordScore})
    FROM terms t CROSS JOIN LATERAL (
         SELECT * FROM postings x WHERE x.lexeme = t.lexeme AND x.item_no = c.item_no OFFSET 0) p
         CROSS JOIN settings l ${frequency}
   WHERE NOT t.is_read)`;

function candidateSql(table: string, hasVector: boolean): string {
  const vectorLeg = `, near AS MATERIALIZED (
    SELECT item_no, embedding <=> $8::vector AS distance FROM ${table} ORDER BY embedding <=> $8::vector LIMIT $9),
  vector_leg AS (SELECT item_no, min(distance) AS distance FROM near GROUP BY item_no ORDER BY 2, 1 LIMIT $7)`;
  const union = hasVector
    ? 'SELECT * FROM lexical_leg UNION ALL SELECT * FROM vector_leg'
    : 'SELECT * FROM lexical_leg';
  const cosine = hasVector
    ? `1 - coalesce(c.distance, (SELECT min(v.embedding <=> $8::vector) FROM ${table} v WHERE v.item_no = c.item_no))`
    : 'NULL::float8';
  return `WITH ${lexicalCtes}${hasVector ? vectorLeg : ''},
  candidates AS MATERIALIZED (SELECT item_no, min(distance) AS distance FROM (${union}) u GROUP BY item_no)
  SELECT json_agg(i.id) AS ids, json_agg(nullif(${cosine}, 'NaN')) AS cosines,
         json_agg(coalesce(m.score, 0) + coalesce(${commonWords}, 0)) AS lexicals,
         coalesce((SELECT sum(idf) FROM terms), 0) AS scale
    FROM candidates c JOIN items i USING (item_no) LEFT JOIN matched m USING (item_no)`;
}

/** One row of columns: reading hundreds of rows would take the driver longer than finding them. */
interface CandidateColumns {
  ids: string[] | null;
  cosines: (number | null)[];
  lexicals: number[];
  scale: number;
}

function toCandidates(columns: CandidateColumns | undefined): Candidate[] {
  return (columns?.ids ?? []).map((itemId, at) => ({
    itemId,
    cosine: columns?.cosines[at] ?? null,
    lexical: columns?.lexicals[at] ?? 0,
    lexicalScale: columns?.scale ?? 0,
  }));
}

/** Both legs in one statement and one round trip. Order is left to the fusion. */
export async function findCandidates(
  connection: Connection,
  { query, shape }: { query: CandidateQuery; shape: CollectionShape },
): Promise<Candidate[]> {
  requireWholeNumber(query.depth, 'depth', { min: 1, max: 10_000 });
  const { titleWeight, bodyWeight, k1, titleB, bodyB } = query.lexical;
  const values: unknown[] = [toQueryText(query.text), titleWeight, bodyWeight, k1, titleB, bodyB, query.depth];
  const text = candidateSql(vectorTable(query.collectionId), query.vector !== null);
  if (query.vector === null) {
    const statement = { name: `words_${query.collectionId}`, text, values };
    return toCandidates((await connection.search<CandidateColumns>(statement, null))[0]);
  }
  const parts = partsFor(query.depth, shape);
  values.push(toVectorBytes(query.vector, shape.dims), parts);
  const statement = { name: `candidates_${query.collectionId}`, text, values };
  const [row] = await connection.search<CandidateColumns>(statement, widthOf(query.efSearch, parts));
  return toCandidates(row);
}
