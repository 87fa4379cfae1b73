import type { RankingProfile } from '@embedding-studio/contracts';
import type { Parameters } from './parameters.ts';
import { toQueryText } from './storable-text.ts';

/**
 * Postings a query may read to find its items; the rarest word is always read. Commoner words than fit still count
 * in the score of every item that is found: only an item that matches nothing but them can be missed.
 */
const postingsMax = 6_000;

/** BM25F of one posting: field frequencies are normalised by their own length, weighted, then saturated once. */
const wordScore = `t.idf * f.tf / (l.k1 + f.tf)`;
const frequency = `CROSS JOIN LATERAL (SELECT
    coalesce(l.title_weight * p.title_tf / nullif(1 - l.title_b + l.title_b * p.title_len / l.title_avg, 0), 0)
  + coalesce(l.body_weight * p.body_tf / nullif(1 - l.body_b + l.body_b * p.body_len / l.body_avg, 0), 0) AS tf) f`;

/** Defines settings, terms and matched: every item that one of the read words finds, with its score from those. */
export function lexicalCtes(
  parameters: Parameters,
  { text, lexical }: { text: string; lexical: RankingProfile['lexical'] },
): string {
  const words = parameters.bind(toQueryText(text), 'text');
  const bind = (value: number) => parameters.bind(value, 'float8');
  return `
  settings AS MATERIALIZED (
    SELECT ${bind(lexical.titleWeight)} AS title_weight, ${bind(lexical.bodyWeight)} AS body_weight,
           ${bind(lexical.k1)} AS k1, ${bind(lexical.titleB)} AS title_b, ${bind(lexical.bodyB)} AS body_b,
           items::float8 AS n, greatest(title_words::float8 / greatest(items, 1), 1e-9) AS title_avg,
           greatest(body_words::float8 / greatest(items, 1), 1e-9) AS body_avg
      FROM lexical_statistics),
  terms AS MATERIALIZED (
    SELECT x.lexeme, ln(1 + (l.n - x.df + 0.5) / (x.df + 0.5)) AS idf,
           row_number() OVER rarest = 1 OR sum(x.df) OVER rarest <= ${postingsMax} AS is_read
      FROM unnest(tsvector_to_array(studio_words(${words}))) AS w (word)
      JOIN lexemes x ON x.lexeme = w.word CROSS JOIN settings l
     WHERE x.df > 0 WINDOW rarest AS (ORDER BY x.df, x.lexeme)),
  matched AS MATERIALIZED (
    SELECT p.item_no, sum(${wordScore}) AS score
      FROM terms t JOIN postings p ON p.lexeme = t.lexeme CROSS JOIN settings l ${frequency}
     WHERE t.is_read GROUP BY p.item_no)`;
}

/** What the words that were not read add to candidate c. OFFSET 0 keeps each a look-up by primary key. */
export const commonWords = `(SELECT sum(${wordScore})
    FROM terms t CROSS JOIN LATERAL (
         SELECT * FROM postings x WHERE x.lexeme = t.lexeme AND x.item_no = c.item_no OFFSET 0) p
         CROSS JOIN settings l ${frequency}
   WHERE NOT t.is_read)`;
