import { ask, type Caller } from './ask.ts';

interface Compared {
  columns: { hits: { itemId: string }[] }[];
  items: Record<string, { title: string }>;
}

interface Field {
  name: string;
  kind: string;
  values: (string | number | boolean)[];
}

const resultsMin = 10;

/** What people asked most. */
export async function findTopQuery(caller: Caller): Promise<string> {
  const [first] = await listTopQueries(caller);
  if (first === undefined) throw new TypeError('The demo has no queries.');
  return first;
}

async function listTopQueries(caller: Caller): Promise<string[]> {
  const input = { period: '90d', limit: 20 };
  const { queries } = await ask<{ queries: { query: string }[] }>(caller, 'analytics.listTopQueries', input);
  return queries.map(({ query }) => query);
}

/** A query with a full list both by meaning with words and by words alone, and not the same list. */
export async function findTellingQuery(caller: Caller): Promise<string> {
  const asked = await listTopQueries(caller);
  const titles = new Set<string>();
  const tried = new Set<string>();
  const isTelling = async (query: string) => {
    tried.add(query);
    const input = { query, settings: [{}, { retriever: 'lexical' }], limit: resultsMin };
    const { columns, items } = await ask<Compared>(caller, 'playground.compareSearches', input);
    const [own = [], byWords = []] = columns.map(({ hits }) => hits.map(({ itemId }) => itemId));
    for (const id of own) titles.add(items[id]?.title ?? '');
    return own.length >= resultsMin && byWords.length >= resultsMin && byWords.some((id) => !own.includes(id));
  };
  for (const query of asked.slice(0, 5)) if (await isTelling(query)) return query;
  for (const word of [...titles].flatMap((title) => title.toLowerCase().match(/[a-z]{3,}/g) ?? []))
    if (!tried.has(word) && (await isTelling(word))) return word;
  throw new TypeError('No query of the demo is answered in two ways.');
}

/** A field of the items and a value that many of them have. */
export async function findFilter(caller: Caller): Promise<{ field: string; value: string }> {
  const fields = await ask<Field[]>(caller, 'playground.listPayloadFields');
  const field = fields.find(({ values }) => values.length > 0);
  if (field === undefined) throw new TypeError('The items of the demo have no fields.');
  return { field: field.name, value: String(field.values[0]) };
}
