import type { FilterPlan, HitItem, LiveAnswer, LiveQuery } from '@embedding-studio/contracts';
import { type CandidateRow, candidateColumns, candidateSql, toCandidates } from './candidate-search.ts';
import type { Connection } from './connection.ts';
import type { FilterPlanner } from './filter-plan.ts';
import { type LiveWord, revisionSql } from './live-revision.ts';
import { partsFor } from './nearest-search.ts';
import type { Parameters } from './parameters.ts';
import { isTableMissing } from './postgres-errors.ts';
import type { ReadServer } from './replicas/read-server.ts';
import { askStandby } from './replicas/reads.ts';

interface LiveRow extends CandidateRow {
  isLive: boolean;
  hits: HitItem[] | null;
  /** Parts found in the vectors; only where they were filtered. */
  near?: number;
}

export interface LiveSearch {
  query: LiveQuery;
  planner: FilterPlanner;
  /** What the primary says is live; needed where there are standbys. */
  readRevision?: () => Promise<LiveWord>;
}

/**
 * A whole search in one round trip: candidates, what is shown of the first of them, and whether the collection was
 * live, as its revision says, in the same snapshot. Null when it was not. A filter may take two more: one to estimate
 * how much it leaves, and one where the index ran out before enough was found.
 */
export async function searchLive(connection: Connection, search: LiveSearch): Promise<LiveAnswer | null> {
  const { query, planner } = search;
  const isPlanned = query.filter !== undefined && query.vector !== null;
  const parts = partsFor(query.depth, query.live.collection);
  const plan = isPlanned && query.filter ? await planner.plan(query.filter, parts) : null;
  const answer = await ask(connection, { ...search, plan });
  if (answer === null || plan?.kind !== 'iterative' || answer.near >= parts) return answer;
  return ask(connection, { ...search, plan: { ...plan, kind: 'exact' } });
}

async function ask(
  connection: Connection,
  { query, plan, readRevision }: LiveSearch & { plan: FilterPlan | null },
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
  const askServer = async (server: Pick<ReadServer, 'search'>) =>
    (await server.search<LiveRow>({ text, values: parameters.values }, width))[0];
  const { revision } = live;
  const { row, degraded } = readRevision
    ? await askStandbys(connection, { askServer, revision, readRevision })
    : { row: await askPrimary(connection, askServer), degraded: [] };
  if (row?.isLive !== true) return null;
  return { candidates: toCandidates(row), hits: row.hits ?? [], plan, near: row.near ?? 0, degraded };
}

type AskServer = (server: Pick<ReadServer, 'search'>) => Promise<LiveRow | undefined>;

/** A collection that is gone is not live either. */
async function askPrimary(connection: Connection, askServer: AskServer): Promise<LiveRow | undefined> {
  try {
    return await askServer(connection);
  } catch (error) {
    if (isTableMissing(error)) return undefined;
    throw error;
  }
}

/**
 * A standby may not have replayed a switch yet and takes what was live for what is: the primary's word, given while the
 * standby searches, decides. Only while the primary is away is a standby believed alone, and the answer says so.
 */
async function askStandbys(
  connection: Connection,
  asked: { askServer: AskServer; revision: string; readRevision: () => Promise<LiveWord> },
): Promise<{ row: LiveRow | undefined; degraded: string[] }> {
  const { askServer, revision, readRevision } = asked;
  const [found, word] = await Promise.all([askStandby(connection, askServer), readRevision()]);
  if (word === 'away') {
    if (found !== null) return { row: found.answer, degraded: ['standby_only'] };
  } else if (word.revision !== revision) return { row: undefined, degraded: [] };
  else if (found?.answer?.isLive === true) return { row: found.answer, degraded: [] };
  return { row: await askPrimary(connection, askServer), degraded: [] };
}

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
