import type {
  NewPhrase,
  PhraseChange,
  PhrasePage,
  SuggestionPhrase,
  SuggestionStore,
} from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import { requireStorableText } from '../storable-text.ts';
import { lockWords } from './word-lock.ts';

const columns = `id, phrase, key, labels, prob, learned, people,
  ARRAY(SELECT DISTINCT domain FROM unnest(domains || learned_domains) AS domain ORDER BY domain) AS domains`;

export async function addPhrases(connection: Connection, phrases: readonly NewPhrase[]): Promise<void> {
  if (phrases.length === 0) return;
  for (const { phrase } of phrases) requireStorableText(phrase, 'phrases');
  // The last of two phrases with one key wins, as if they had been added one after the other.
  const distinct = [...new Map(phrases.map((phrase) => [phrase.key, phrase])).values()];
  await connection.transaction(async (client) => {
    await lockWords(client);
    await client.query(
      `INSERT INTO suggestions (id, phrase, key, labels, domains, prob)
       SELECT g.id, g.phrase, g.key, ARRAY(SELECT jsonb_array_elements_text(g.labels)),
              ARRAY(SELECT jsonb_array_elements_text(g.domains)), g.prob
         FROM jsonb_to_recordset($1::jsonb) AS g (id text, phrase text, key text, labels jsonb, domains jsonb, prob real)
        ORDER BY g.key
       ON CONFLICT (key) DO UPDATE SET phrase = excluded.phrase, labels = excluded.labels,
         domains = excluded.domains, prob = excluded.prob, is_deleted = false`,
      [JSON.stringify(distinct)],
    );
  });
}

export async function findPhrase(connection: Connection, id: string): Promise<SuggestionPhrase | null> {
  const [row] = await connection.query<Row>(`SELECT ${columns} FROM suggestions WHERE id = $1 AND NOT is_deleted`, [
    id,
  ]);
  return row ?? null;
}

/** Values keep the order in which they came, each once. */
const changed = (column: string, added: string, removed: string): string =>
  `ARRAY(SELECT value FROM unnest(${column} || ${added}::text[]) WITH ORDINALITY AS each(value, place)
          WHERE NOT value = ANY(${removed}::text[]) GROUP BY value ORDER BY min(place))`;

export async function changePhrase(
  connection: Connection,
  target: { id: string; change: PhraseChange },
): Promise<SuggestionPhrase | null> {
  const { prob, addLabels = [], removeLabels = [], addDomains = [], removeDomains = [] } = target.change;
  const [row] = await connection.query<Row>(
    `UPDATE suggestions SET prob = coalesce($2, prob), labels = ${changed('labels', '$3', '$4')},
       domains = ${changed('domains', '$5', '$6')}
      WHERE id = $1 AND NOT is_deleted RETURNING ${columns}`,
    [target.id, prob ?? null, addLabels, removeLabels, addDomains, removeDomains],
  );
  return row ?? null;
}

export async function deletePhrase(connection: Connection, id: string): Promise<boolean> {
  const rows = await connection.query(
    `UPDATE suggestions SET is_deleted = true, prob = NULL, labels = '{}', domains = '{}'
      WHERE id = $1 AND NOT is_deleted RETURNING id`,
    [id],
  );
  return rows.length > 0;
}

export const removeEverywhere =
  (connection: Connection): SuggestionStore['removeEverywhere'] =>
  async (from, values) => {
    const column = from === 'labels' ? 'labels' : 'domains';
    const rows = await connection.query(
      `UPDATE suggestions SET ${column} = ARRAY(
           SELECT value FROM unnest(${column}) WITH ORDINALITY AS each(value, place)
            WHERE NOT value = ANY($1::text[]) ORDER BY place)
        WHERE ${column} && $1::text[] RETURNING id`,
      [values],
    );
    return rows.length;
  };

export async function listPhrases(
  connection: Connection,
  { offset, limit, after, text, label, domain, source }: PhrasePage,
): Promise<SuggestionPhrase[]> {
  return connection.query<Row>(
    `SELECT ${columns} FROM suggestions
      WHERE score IS NOT NULL AND ($3::text IS NULL OR key > $3) AND ($4::text IS NULL OR strpos(key, $4) > 0)
        AND ($5::text IS NULL OR $5 = ANY(labels)) AND ($6::text IS NULL OR $6 = ANY(domains || learned_domains))
        AND ($7::text IS NULL OR CASE $7 WHEN 'given' THEN prob ELSE learned END IS NOT NULL)
      ORDER BY key OFFSET $1 LIMIT $2`,
    [offset, limit, after ?? null, text ?? null, label ?? null, domain ?? null, source ?? null],
  );
}

type Row = SuggestionPhrase & Record<string, unknown>;
