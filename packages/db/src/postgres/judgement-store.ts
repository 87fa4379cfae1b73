import type { JudgedItem, JudgedQuerySummary, Judgement, JudgementStore } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';
import { createGoldenRuns } from './golden-run-store.ts';

export function createJudgementStore(connection: Connection): JudgementStore {
  return {
    ...createGoldenRuns(connection),
    async putJudgement({ queryKey, query, itemId, judge, grade }) {
      await connection.query(
        `INSERT INTO judgements (query_key, item_id, judge, query, grade) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (query_key, item_id, judge)
         DO UPDATE SET query = EXCLUDED.query, grade = EXCLUDED.grade, judged_at = now()`,
        [queryKey, itemId, judge, query, grade],
      );
    },
    async putJudgements(judgements) {
      const column = <K extends 'queryKey' | 'itemId' | 'judge' | 'query' | 'grade'>(name: K) =>
        judgements.map((judgement) => judgement[name]);
      await connection.query(
        `INSERT INTO judgements (query_key, item_id, judge, query, grade)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[])
         ON CONFLICT (query_key, item_id, judge)
         DO UPDATE SET query = EXCLUDED.query, grade = EXCLUDED.grade, judged_at = now()`,
        [column('queryKey'), column('itemId'), column('judge'), column('query'), column('grade')],
      );
    },
    async deleteJudgement({ queryKey, itemId, judge }) {
      const gone = await connection.query(
        'DELETE FROM judgements WHERE query_key = $1 AND item_id = $2 AND judge = $3 RETURNING 1',
        [queryKey, itemId, judge],
      );
      return gone.length > 0;
    },
    listJudgements: (queryKeys) =>
      connection.query<Judgement>(
        `SELECT query_key AS "queryKey", query, item_id AS "itemId", judge, grade, judged_at AS "judgedAt"
           FROM judgements WHERE query_key = ANY($1) ORDER BY query_key, item_id, judge`,
        [queryKeys],
      ),
    listJudgedQueries: ({ after, limit }) =>
      connection.query<JudgedQuerySummary>(
        `SELECT query_key AS "queryKey", (array_agg(query ORDER BY judged_at DESC))[1] AS query,
                count(*)::int AS items, (count(*) FILTER (WHERE grade >= 1))::int AS relevant,
                max(judges)::int AS judges, max(judged_at) AS "judgedAt"
           FROM (SELECT query_key, item_id, avg(grade) AS grade, count(*) AS judges, max(judged_at) AS judged_at,
                        (array_agg(query ORDER BY judged_at DESC))[1] AS query
                   FROM judgements WHERE query_key > $1 GROUP BY query_key, item_id) AS one
          GROUP BY query_key ORDER BY query_key LIMIT $2`,
        [after ?? '', limit],
      ),
    listJudgedItems: ({ after, limit }) =>
      connection.query<JudgedItem>(
        `SELECT query_key AS "queryKey", (array_agg(query ORDER BY judged_at DESC))[1] AS query,
                item_id AS "itemId", avg(grade)::float8 AS grade, count(*)::int AS judges
           FROM judgements WHERE (query_key, item_id) > ($1, $2)
          GROUP BY query_key, item_id ORDER BY query_key, item_id LIMIT $3`,
        [after?.queryKey ?? '', after?.itemId ?? '', limit],
      ),
  };
}
