import type { FilterPlan, HitItem, LiveAnswer, LiveQuery } from '@embedding-studio/contracts';
import { type CandidateRow, candidateColumns, candidateSql, toCandidates } from './candidate-search.ts';
import type { Connection } from './connection.ts';
import type { FilterPlanner } from './filter-plan.ts';
import { partsFor } from './nearest-search.ts';
import type { Parameters } from './parameters.ts';
import { isTableMissing } from './postgres-errors.ts';

interface LiveRow extends CandidateRow {
  isLive: boolean;
  hits: HitItem[] | null;
  /** Parts found in the vectors; only where they were filtered. */
  near?: number;
}

/**
 * A whole search in one round trip: candidates, what is shown of the first of them, and whether the collection was
 * live, as its revision says, in the same snapshot. Null when it was not. A filter may take two more: one to estimate
 * how much it leaves, and one where the index ran out before enough was found.
 */
export async function searchLive(
  connection: Connection,
  { query, planner }: { query: LiveQuery; planner: FilterPlanner },
): Promise<LiveAnswer | null> {
  const isPlanned = query.filter !== undefined && query.vector !== null;
  const parts = partsFor(query.depth, query.live.collection);
  const plan = isPlanned && query.filter ? await planner.plan(query.filter, parts) : null;
  const answer = await ask(connection, { query, plan });
  if (answer === null || plan?.kind !== 'iterative' || answer.near >= parts) return answer;
  return ask(connection, { query, plan: { ...plan, kind: 'exact' } });
}

async function ask(
  connection: Connection,
  { query, plan }: { query: LiveQuery; plan: FilterPlan | null },
): Promise<(LiveAnswer & { near: number }) | null> {
  const { live, page, profile, ...legs } = query;
  const candidates = { ...legs, collectionId: live.collection.id, lexical: live.collection.ranking.lexical };
  const { ctes, parameters, width } = candidateSql({ query: candidates, shape: live.collection, plan });
  const text = `WITH ${ctes}, ${likelyPage(parameters, query)}
    SELECT ${candidateColumns},
           EXISTS (SELECT FROM live_pointer p JOIN collections c ON c.id = p.collection_id
                    WHERE ${revisionSql} = ${parameters.bind(live.revision, 'text')}) AS "isLive",
           (SELECT json_agg(json_build_object('id', i.id, 'title', i.title, 'payload', i.payload))
              FROM likely JOIN items i USING (item_no)) AS hits
           ${plan === null ? '' : ', (SELECT count(*)::int FROM near) AS near'}`;
  const statement = { text, values: parameters.values };
  const [row] = await runUnlessDropped(() => connection.search<LiveRow>(statement, width));
  if (row?.isLive !== true) return null;
  return { candidates: toCandidates(row), hits: row.hits ?? [], plan, near: row.near ?? 0 };
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
function likelyPage(parameters: Parameters, { page, profile, sortBy }: LiveQuery): string {
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
     LIMIT ${parameters.bind(sortBy === undefined ? page.limit : 0, 'int')} OFFSET ${parameters.bind(page.offset, 'int')})`;
}
