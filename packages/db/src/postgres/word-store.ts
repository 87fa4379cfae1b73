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

export function createWordStore(connection: Connection): WordStore {
  return {
    listStems: ({ after, limit }) =>
      connection.query(
        'SELECT lexeme AS stem, df AS items FROM lexemes WHERE lexeme > $1 AND df > 0 ORDER BY lexeme LIMIT $2',
        [after ?? '', limit],
      ),
    async stemWords(words) {
      if (words.length === 0) return [];
      const rows = await connection.query<{ stem: string | null }>(
        `SELECT (tsvector_to_array(studio_words(w.word)))[1] AS stem
           FROM unnest($1::text[]) WITH ORDINALITY AS w (word, at) ORDER BY w.at`,
        [words.map(toQueryText)],
      );
      return rows.map((row) => row.stem ?? '');
    },
    async spellStems(stems) {
      if (stems.length === 0) return new Map();
      const rows = await connection.query<{ stem: string; word: string }>(spellings, [stems]);
      return new Map(rows.map((row) => [row.stem, row.word]));
    },
  };
}
