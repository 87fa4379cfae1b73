import type {
  LearningCursor,
  SuggestionEvidence,
  SuggestionPolicy,
  SuggestionStore,
} from '@embedding-studio/contracts';
import type pg from 'pg';
import type { Connection } from '../connection.ts';
import { lockWords } from './word-lock.ts';

export async function getCursor(connection: Connection): Promise<LearningCursor | null> {
  const [row] = await connection.query<LearningCursor & Record<string, unknown>>(
    `SELECT batch_id AS "batchId", session_number AS "sessionNumber" FROM suggestion_learning`,
  );
  return row ?? null;
}

export const recordEvidence =
  (connection: Connection): SuggestionStore['recordEvidence'] =>
  async ({ evidence, cursor, policy }) => {
    const rows = [...new Map(evidence.map((one) => [one.sessionId, one])).values()];
    await connection.transaction(async (client) => {
      await lockWords(client);
      await client.query(
        `INSERT INTO suggestion_learning (batch_id, session_number) VALUES ($1, $2)
         ON CONFLICT (singleton) DO UPDATE SET batch_id = excluded.batch_id, session_number = excluded.session_number`,
        [cursor.batchId, cursor.sessionNumber],
      );
      await putEvidence(client, rows);
      await settlePhrases(client, { keys: [...new Set(rows.map(({ key }) => key))], policy });
    });
  };

async function putEvidence(client: pg.PoolClient, rows: readonly SuggestionEvidence[]): Promise<void> {
  const column = <K extends keyof SuggestionEvidence>(name: K) => rows.map((row) => row[name]);
  await client.query(
    `INSERT INTO suggestion_evidence (session_id, key, contributor, domain, had_results, satisfied, at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::real[], $7::timestamptz[])
     ON CONFLICT (session_id) DO UPDATE SET key = excluded.key, contributor = excluded.contributor,
       domain = excluded.domain, had_results = excluded.had_results, satisfied = excluded.satisfied, at = excluded.at`,
    [
      column('sessionId'),
      column('key'),
      column('contributor'),
      column('domain'),
      column('hadResults'),
      column('satisfied'),
      column('at'),
    ],
  );
}

/** Half of a query's sessions or more without a result: nobody is led there. */
const zeroResultShareMax = 0.5;

/** Lets the phrases of these queries (null: all) say what their evidence allows, and no more. */
async function settlePhrases(
  client: pg.PoolClient,
  { keys, policy }: { keys: readonly string[] | null; policy: SuggestionPolicy },
): Promise<void> {
  await client.query('DROP TABLE IF EXISTS settled_phrases');
  await client.query(
    `CREATE TEMP TABLE settled_phrases ON COMMIT DROP AS
     WITH weighed AS (
       SELECT key, contributor, domain, had_results, satisfied,
              power(0.5, greatest(0, extract(epoch FROM $2::timestamptz - at)) / ($3::float8 * 86400)) AS weight
         FROM suggestion_evidence
        WHERE ($1::text[] IS NULL OR key = ANY($1)) AND at > $2::timestamptz - $4::float8 * interval '1 day'),
     counted AS (
       SELECT key, sum(weight) AS sessions, sum(weight * satisfied) AS satisfied,
              coalesce(sum(weight) FILTER (WHERE NOT had_results), 0) AS empty,
              count(DISTINCT contributor) FILTER (WHERE had_results)::int AS people
         FROM weighed GROUP BY key),
     by_domain AS (
       SELECT key, domain FROM weighed WHERE had_results AND domain IS NOT NULL
        GROUP BY key, domain HAVING count(DISTINCT contributor) >= $5)
     SELECT key, people, least(1, satisfied / (sessions + $6::float8))::real AS learned,
            ARRAY(SELECT domain FROM by_domain d WHERE d.key = counted.key ORDER BY domain) AS domains
       FROM counted
      WHERE people >= $5 AND satisfied > 0 AND empty < ${zeroResultShareMax} * sessions`,
    [keys, policy.now, policy.halfLifeDays, policy.retentionDays, policy.peopleMin, policy.shrinkage],
  );
  await client.query(
    `INSERT INTO suggestions (id, phrase, key, learned, people, learned_domains)
     SELECT md5(key), key, key, learned, people, domains FROM settled_phrases ORDER BY key
     ON CONFLICT (key) DO UPDATE SET learned = excluded.learned, people = excluded.people,
       learned_domains = excluded.learned_domains`,
  );
  await client.query(
    `UPDATE suggestions s SET learned = NULL, people = 0, learned_domains = '{}'
      WHERE ($1::text[] IS NULL OR s.key = ANY($1)) AND s.learned IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM settled_phrases p WHERE p.key = s.key)`,
    [keys],
  );
  await client.query(
    `DELETE FROM suggestions WHERE ($1::text[] IS NULL OR key = ANY($1))
        AND learned IS NULL AND prob IS NULL AND NOT is_deleted`,
    [keys],
  );
}

export async function rescore(
  connection: Connection,
  policy: SuggestionPolicy,
): Promise<{ learned: number; forgotten: number }> {
  return connection.transaction(async (client) => {
    await lockWords(client);
    const old = await client.query(
      `DELETE FROM suggestion_evidence WHERE at <= $1::timestamptz - $2::float8 * interval '1 day'`,
      [policy.now, policy.retentionDays],
    );
    await settlePhrases(client, { keys: null, policy });
    await dropUnusedWords(client);
    const left = await client.query<{ learned: number }>('SELECT count(learned)::int AS learned FROM suggestions');
    return { learned: left.rows[0]?.learned ?? 0, forgotten: old.rowCount ?? 0 };
  });
}

export async function eraseContributor(
  connection: Connection,
  { contributor, policy }: { contributor: string; policy: SuggestionPolicy },
): Promise<number> {
  return connection.transaction(async (client) => {
    await lockWords(client);
    const erased = await client.query<{ key: string }>(
      'DELETE FROM suggestion_evidence WHERE contributor = $1 RETURNING key',
      [contributor],
    );
    if (erased.rows.length === 0) return 0;
    await settlePhrases(client, { keys: [...new Set(erased.rows.map(({ key }) => key))], policy });
    await dropUnusedWords(client);
    return erased.rows.length;
  });
}

async function dropUnusedWords(client: pg.PoolClient): Promise<void> {
  await client.query(
    `DELETE FROM suggestion_words w WHERE NOT EXISTS (
       SELECT 1 FROM (SELECT DISTINCT unnest(string_to_array(key, ' ')) AS word FROM suggestions) AS used
        WHERE used.word = w.word)`,
  );
}
