import type { PrefixQuery, ServedPhrase } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';

const columns = `id, phrase, key, labels, domains || learned_domains AS domains, score`;
const wanted = `score IS NOT NULL
  AND ($3::text IS NULL OR $3 = ANY(domains || learned_domains)) AND ($4::text IS NULL OR $4 = ANY(labels))`;

/** Short beginnings have an index in the order of scores. */
const headLengths = [1, 2, 3];
const ofHead = (size: number): string =>
  `(SELECT ${columns} FROM suggestions
     WHERE char_length(p.prefix) = ${size} AND left(key, ${size}) = p.prefix AND ${wanted}
     ORDER BY score DESC, key LIMIT $5)`;

// "+ 0" keeps the planner from walking all phrases in the order of their scores until enough begin like this.
const ofRange = `(SELECT ${columns} FROM suggestions
     WHERE char_length(p.prefix) > ${headLengths.length} AND key >= p.prefix AND key < p.upper AND ${wanted}
     ORDER BY score + 0 DESC, key LIMIT $5)`;

const ofAll = `(SELECT ${columns} FROM suggestions
     WHERE p.prefix = '' AND ${wanted} ORDER BY score DESC, key LIMIT $5)`;

const text = `SELECT p.no::int - 1 AS prefix, s.*
   FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p (prefix, upper, no)
  CROSS JOIN LATERAL (${[...headLengths.map(ofHead), ofRange, ofAll].join(' UNION ALL ')}) AS s
  ORDER BY p.no, s.score DESC, s.key`;

const highest = '\u{10FFFF}';

/** One statement for all beginnings: each is a walk of an index. */
export async function findByPrefix(
  connection: Connection,
  { prefixes, domain, label, limit }: PrefixQuery,
): Promise<(ServedPhrase & { prefix: number })[]> {
  if (prefixes.length === 0) return [];
  const begins = prefixes.map((prefix) => prefix.replaceAll('\0', ' '));
  const values = [begins, begins.map((prefix) => prefix + highest), domain, label, limit];
  return connection.search<ServedPhrase & { prefix: number }>({ text, values }, null);
}

export async function findWords(
  connection: Connection,
  wantedWords: { signatures: readonly string[]; limit: number },
): Promise<string[]> {
  const rows = await connection.search<{ word: string }>(
    {
      // The inner OFFSET keeps the planner from reading all words in their order.
      text: `SELECT word FROM (SELECT word FROM suggestion_words
               WHERE suggestion_signatures(word) && $1::text[] OFFSET 0) AS near ORDER BY word LIMIT $2`,
      values: [wantedWords.signatures.map((signature) => signature.replaceAll('\0', ' ')), wantedWords.limit],
    },
    null,
  );
  return rows.map(({ word }) => word);
}
