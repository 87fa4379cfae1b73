import type { WordStore } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';
import { toQueryText } from './storable-text.ts';

/** Items whose texts are read to find how a stem is spelt, and how much of each. */
const itemsRead = 20;
const lettersRead = 4_000;

/** Words that begin like the stem are few; only those are stemmed to see whether they belong to it. */
const spellings = `
  SELECT DISTINCT ON (s.stem) s.stem, w.word
    FROM unnest($1::text[]) AS s (stem)
    CROSS JOIN LATERAL (SELECT item_no FROM postings p WHERE p.lexeme = s.stem LIMIT ${itemsRead}) p
    JOIN items i USING (item_no)
    CROSS JOIN LATERAL (
      SELECT lower(t.token) AS word
        FROM ts_parse('default', translate(left(i.title || ' ' || i.body, ${lettersRead}), '/._@-–—', '       ')) t
       WHERE starts_with(lower(t.token), left(s.stem, 2))) w
   WHERE studio_words(w.word) @@ to_tsquery('simple', quote_literal(s.stem))
   GROUP BY s.stem, w.word ORDER BY s.stem, count(*) DESC, w.word`;

/** Every n-th item, so that what is read stays the same however large the catalogue is. */
const pageOfWords = `
  WITH page AS MATERIALIZED (
    SELECT item_no, title, body FROM items
     WHERE item_no > $1 AND item_no % (SELECT greatest(1, ceil(items / $3::float8))::int FROM lexical_statistics) = 0
     ORDER BY item_no LIMIT $2),
  words AS (
    SELECT DISTINCT lower(t.token) AS word
      FROM page p CROSS JOIN LATERAL
           ts_parse('default', translate(left(p.title || ' ' || p.body, ${lettersRead}), '/._@-–—', '       ')) t
     WHERE t.token ~ '^[[:alpha:]]{1,40}$')
  SELECT (SELECT max(item_no)::int FROM page) AS last,
         (SELECT json_agg(json_build_object('word', word, 'stem', (tsvector_to_array(studio_words(word)))[1]))
            FROM words) AS words`;

export function createWordStore(connection: Connection): WordStore {
  return {
    listStems: ({ after, limit }) =>
      connection.query(
        'SELECT lexeme AS stem, df AS items FROM lexemes WHERE lexeme > $1 AND df > 0 ORDER BY lexeme LIMIT $2',
        [after ?? '', limit],
      ),
    async countWords(words) {
      if (words.length === 0) return [];
      return connection.query<{ stem: string; items: number }>(
        `SELECT coalesce(w.stem, '') AS stem, coalesce(x.df, 0)::int AS items
           FROM (SELECT at, (tsvector_to_array(studio_words(word)))[1] AS stem
                   FROM unnest($1::text[]) WITH ORDINALITY AS w (word, at)) w
           LEFT JOIN lexemes x ON x.lexeme = w.stem ORDER BY w.at`,
        [words.map(toQueryText)],
      );
    },
    async listWords({ after, items, itemsMax }) {
      const [row] = await connection.query<{ last: number | null; words: { word: string; stem: string }[] | null }>(
        pageOfWords,
        [after, items, itemsMax],
      );
      return { words: row?.words ?? [], after: row?.last ?? null };
    },
    async spellStems(stems) {
      if (stems.length === 0) return new Map();
      const rows = await connection.query<{ stem: string; word: string }>(spellings, [stems]);
      return new Map(rows.map((row) => [row.stem, row.word]));
    },
  };
}
