import type pg from 'pg';

/** Item writes take turns: df and lengths stay exact, and no two of them can lock words in a different order. */
const itemWriteLock = 7_214_002;

export async function lockItemWrites(client: pg.PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [itemWriteLock]);
}

/** Takes the items' words out of postings, df and the statistics. Call it before their texts change. */
export async function removeWords(client: pg.PoolClient, itemNos: readonly number[]): Promise<void> {
  if (itemNos.length === 0) return;
  await client.query(
    `WITH gone AS (DELETE FROM postings WHERE item_no = ANY($1::int[]) RETURNING lexeme),
          counts AS (SELECT lexeme, count(*)::int AS df FROM gone GROUP BY lexeme)
     UPDATE lexemes SET df = lexemes.df - counts.df FROM counts WHERE lexemes.lexeme = counts.lexeme`,
    [itemNos],
  );
  await client.query(
    `UPDATE lexical_statistics AS s SET items = s.items - gone.items, title_words = s.title_words - gone.title_words,
            body_words = s.body_words - gone.body_words
       FROM (SELECT count(*)::int AS items, coalesce(sum(title_len), 0)::bigint AS title_words,
                    coalesce(sum(body_len), 0)::bigint AS body_words
               FROM items WHERE item_no = ANY($1::int[])) AS gone`,
    [itemNos],
  );
}

/** Forgets words that no item holds any more. */
export async function removeUnusedWords(client: pg.PoolClient): Promise<void> {
  await client.query('DELETE FROM lexemes WHERE df <= 0');
}

/**
 * Indexes the words of items whose texts are already written and whose old words are already removed: one statement,
 * so that the words are counted once for postings, df, lengths and the statistics.
 */
export async function addWords(client: pg.PoolClient, itemNos: readonly number[]): Promise<void> {
  if (itemNos.length === 0) return;
  await client.query(
    `WITH found AS (
       SELECT i.item_no, w.lexeme, cardinality(w.positions) AS title_tf, 0 AS body_tf
         FROM items i, unnest(studio_words(i.title)) AS w WHERE i.item_no = ANY($1::int[])
       UNION ALL
       SELECT i.item_no, w.lexeme, 0, cardinality(w.positions)
         FROM items i, unnest(studio_words(i.body)) AS w WHERE i.item_no = ANY($1::int[])),
     counted AS MATERIALIZED (
       SELECT lexeme, item_no, sum(title_tf)::int AS title_tf, sum(body_tf)::int AS body_tf
         FROM found GROUP BY lexeme, item_no),
     lengths AS MATERIALIZED (
       SELECT n.item_no, coalesce(sum(title_tf), 0)::int AS title_len, coalesce(sum(body_tf), 0)::int AS body_len
         FROM unnest($1::int[]) AS n (item_no) LEFT JOIN counted USING (item_no) GROUP BY n.item_no),
     posted AS (
       INSERT INTO postings (lexeme, item_no, title_tf, body_tf, title_len, body_len)
       SELECT lexeme, item_no, title_tf, body_tf, title_len, body_len
         FROM counted JOIN lengths USING (item_no) ORDER BY lexeme, item_no),
     known AS (
       INSERT INTO lexemes (lexeme, df) SELECT lexeme, count(*)::int FROM counted GROUP BY lexeme ORDER BY lexeme
       ON CONFLICT (lexeme) DO UPDATE SET df = lexemes.df + excluded.df),
     summed AS (
       UPDATE lexical_statistics AS s SET items = s.items + added.items,
              title_words = s.title_words + added.title_words, body_words = s.body_words + added.body_words
         FROM (SELECT count(*)::int AS items, sum(title_len)::bigint AS title_words, sum(body_len)::bigint AS body_words
                 FROM lengths) AS added)
     UPDATE items SET title_len = lengths.title_len, body_len = lengths.body_len
       FROM lengths WHERE items.item_no = lengths.item_no`,
    [itemNos],
  );
}
