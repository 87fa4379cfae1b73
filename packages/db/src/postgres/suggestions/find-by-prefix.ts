import type { PrefixQuery, ServedPhrase } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import type { Statement } from '../search-pool.ts';

const columns = `id, phrase, key, labels, domains || learned_domains AS domains, score`;

/** Beginnings of up to this many characters have an index in the order of scores. */
const headMax = 3;
/** The planner must see how few are wanted: of a parameter it expects a tenth of the table, and sorts that. */
const limits = [5, 10, 20, 50, 100, 200];

/** Conditions that are not asked for are left out: they would spoil the plan of the others. */
function textOf({ limit, filters }: { limit: number; filters: readonly string[] }): string {
  const wanted = ['score IS NOT NULL', ...filters].join(' AND ');
  const best = (condition: string): string =>
    `(SELECT ${columns} FROM suggestions WHERE ${condition} AND ${wanted} ORDER BY score DESC, key LIMIT ${limit})`;
  const ofHead = (size: number) => best(`char_length(p.prefix) = ${size} AND left(key, ${size}) = p.prefix`);
  // The best are chosen from an index alone, then read; "+ 0" keeps the planner from walking all scores instead.
  const ofRange = `(SELECT ${columns} FROM (
      SELECT key FROM suggestions
       WHERE char_length(p.prefix) > ${headMax} AND key >= p.prefix AND key < p.upper AND ${wanted}
       ORDER BY score + 0 DESC, key LIMIT ${limit}) AS chosen JOIN suggestions USING (key))`;
  const heads = Array.from({ length: headMax }, (_, index) => ofHead(index + 1));
  return `SELECT p.no::int - 1 AS prefix, s.*
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p (prefix, upper, no)
      CROSS JOIN LATERAL (${[...heads, ofRange, best("p.prefix = ''")].join(' UNION ALL ')}) AS s
      ORDER BY p.no, s.score DESC, s.key`;
}

function statementOf({ prefixes, domain, label, limit }: PrefixQuery): Statement {
  const begins = prefixes.map((prefix) => prefix.replaceAll('\0', ' '));
  const most = limits.find((each) => each >= limit) ?? 200;
  const values: unknown[] = [begins, begins.map((prefix) => prefix + highest)];
  const filters: string[] = [];
  if (domain !== null) filters.push(`$${values.push(domain)} = ANY(domains || learned_domains)`);
  if (label !== null) filters.push(`$${values.push(label)} = ANY(labels)`);
  return { text: textOf({ limit: most, filters }), values };
}

const highest = '\u{10FFFF}';

/** One statement for all beginnings: each is a walk of an index. */
export async function findByPrefix(
  connection: Connection,
  query: PrefixQuery,
): Promise<(ServedPhrase & { prefix: number })[]> {
  if (query.prefixes.length === 0) return [];
  const rows = await connection.search<ServedPhrase & { prefix: number }>(statementOf(query), null);
  return takeOfEach(rows, query.limit);
}

function takeOfEach<Row extends { prefix: number }>(rows: readonly Row[], limit: number): Row[] {
  const taken = new Map<number, number>();
  return rows.filter(({ prefix }) => {
    const before = taken.get(prefix) ?? 0;
    taken.set(prefix, before + 1);
    return before < limit;
  });
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
