import type { HitItem, LiveAnswer, LiveQuery, RankingProfile } from '@embedding-studio/contracts';
import { type CandidateRow, candidateColumns, candidateSql, toCandidates } from './candidate-search.ts';
import type { Connection } from './connection.ts';
import type { Parameters } from './parameters.ts';
import { isTableMissing } from './postgres-errors.ts';

interface LiveRow extends CandidateRow {
  isLive: boolean;
  hits: HitItem[] | null;
}

/**
 * A whole search in one round trip: candidates, what is shown of the first of them, and whether the collection was
 * live, as its revision says, in the same snapshot. Null when it was not.
 */
export async function searchLive(connection: Connection, query: LiveQuery): Promise<LiveAnswer | null> {
  const { live, page, profile, ...rest } = query;
  const collectionId = live.collection.id;
  const candidates = { ...rest, collectionId, lexical: live.collection.ranking.lexical };
  const { ctes, parameters, width } = candidateSql({ query: candidates, shape: live.collection });
  const revision = parameters.bind(live.revision, 'text');
  const text = `WITH ${ctes}, ${likelyPage(parameters, { page, profile })}
    SELECT ${candidateColumns},
           EXISTS (SELECT FROM live_pointer p JOIN collections c ON c.id = p.collection_id
                    WHERE ${revisionSql} = ${revision}) AS "isLive",
           (SELECT json_agg(json_build_object('id', i.id, 'title', i.title, 'payload', i.payload))
              FROM likely JOIN items i USING (item_no)) AS hits`;
  const name = `${width === null ? 'live_words' : 'live'}_${collectionId}`;
  const [row] = await runUnlessDropped(() =>
    connection.search<LiveRow>({ name, text, values: parameters.values }, width),
  );
  return row?.isLive === true ? { candidates: toCandidates(row), hits: row.hits ?? [] } : null;
}

/** A collection that is gone is not live either. */
async function runUnlessDropped<Row>(run: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await run();
  } catch (error) {
    if (isTableMissing(error)) return [];
    throw error;
  }
}

/** Changes with every switch and with every write to the row of the collection that is live. */
export const revisionSql = `(p.version || ':' || c.xmin::text)`;

/**
 * The rows that the fusion will very likely put on the page. A guess that saves a round trip: the order itself is
 * made by the fusion, and what it picks beyond these is read afterwards.
 */
function likelyPage(parameters: Parameters, options: { page: LiveQuery['page']; profile: RankingProfile }): string {
  const { page, profile } = options;
  const weight = parameters.bind(profile.vectorWeight, 'float8');
  const isMinmax = parameters.bind(profile.cosineNorm === 'minmax', 'boolean');
  const isMax = parameters.bind(profile.lexicalNorm === 'max', 'boolean');
  return `extent AS (SELECT min(cosine) AS low, nullif(max(cosine) - min(cosine), 0) AS range,
      nullif(CASE WHEN ${isMax} THEN max(lexical) ELSE (SELECT sum(idf) FROM terms) END, 0) AS top FROM scored),
  likely AS (
    SELECT s.item_no FROM scored s CROSS JOIN extent e
     ORDER BY ${weight} * coalesce(CASE WHEN ${isMinmax} THEN (s.cosine - e.low) / e.range
                                   ELSE coalesce(s.cosine, e.low) END, 0)
              + (1 - ${weight}) * coalesce(s.lexical / e.top, 0) DESC, s.cosine DESC NULLS LAST, s.lexical DESC, s.id
     LIMIT ${parameters.bind(page.limit, 'int')} OFFSET ${parameters.bind(page.offset, 'int')})`;
}
