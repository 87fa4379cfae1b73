import { basename, resolve } from 'node:path';
import { ItemId, type ItemInput, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { type Dataset, type DatasetQuery, type DatasetSession, trainSplit } from './dataset.ts';
import { findDataFile, lineError, readJsonLines, readLines } from './read-lines.ts';

const Id = z.union([z.string(), z.number()]).transform(String).pipe(ItemId);
const ItemLine = z.looseObject({
  id: Id,
  title: z.string().max(2_000).nullish(),
  text: z.string().max(200_000).nullish(),
});
const QueryLine = z.looseObject({
  id: Id,
  text: z.string().min(1),
  split: z.string().min(1),
  clicked: z.unknown().optional(),
  new_items: z.unknown().optional(),
  fold: z.number().int().nullish(),
});
const ClickLine = z.looseObject({
  session_id: Id,
  query_id: Id,
  query: z.string().min(1).optional(),
  shown: z.array(Id),
  clicked: z.array(Id),
  order: z.enum(['random', 'unknown']).optional(),
});
const warningsMax = 20;
/** Sets whose pages are known to have been shuffled, though their lines do not say so. */
const shuffledSets: ReadonlySet<string> = new Set(['movies-msrd']);

/** Reads a folder of `items.jsonl`, `queries.jsonl`, `qrels.tsv` and, if there, `clicks.jsonl`; each may be gzipped. */
export async function loadFolder(folder: string): Promise<Dataset> {
  const warnings: string[] = [];
  const items = await loadItems(requireFile(folder, 'items.jsonl'));
  const queries = await loadQueries(requireFile(folder, 'queries.jsonl'));
  const known = {
    items: new Set(items.map(({ id }) => id)),
    queries: new Map(queries.map((query) => [query.id, query])),
  };
  const qrels = await loadQrels(requireFile(folder, 'qrels.tsv'), known, warnings);
  const clicks = findDataFile(folder, 'clicks.jsonl');
  const name = basename(resolve(folder));
  const pages = clicks === null ? null : await loadClicks(clicks, known, warnings);
  const sessions = pages && shuffledSets.has(name) ? pages.map((page) => ({ ...page, isShuffled: true })) : pages;
  if (!queries.some(({ split }) => split === trainSplit))
    throw new StudioError('INPUT_INVALID', `queries.jsonl: split: no query has the split "${trainSplit}"`, {
      field: 'split',
    });
  return {
    name,
    source: `folder ${folder}`,
    items,
    queries,
    qrels,
    sessions,
    withheld: new Set(),
    isFullyJudged: false,
    warnings: limitWarnings(warnings),
  };
}

interface Known {
  items: ReadonlySet<string>;
  queries: ReadonlyMap<string, DatasetQuery>;
}

function requireFile(folder: string, name: string): string {
  const path = findDataFile(folder, name);
  if (path !== null) return path;
  throw new StudioError('INPUT_INVALID', `${folder} has neither ${name} nor ${name}.gz`, { field: 'data' });
}

async function loadItems(path: string): Promise<ItemInput[]> {
  const items = new Map<string, ItemInput>();
  for await (const { value, line } of readJsonLines(path, ItemLine)) {
    const { id, title, text, ...payload } = value;
    if (items.has(id)) throw lineError({ path, line }, `${id} occurs twice`, 'id');
    items.set(id, { id, title: title ?? '', text: text ?? '', payload });
  }
  return [...items.values()];
}

async function loadQueries(path: string): Promise<DatasetQuery[]> {
  const queries = new Map<string, DatasetQuery>();
  for await (const { value, line } of readJsonLines(path, QueryLine)) {
    const { id, text, split, clicked, new_items: newItems, fold } = value;
    if (queries.has(id)) throw lineError({ path, line }, `${id} occurs twice`, 'id');
    const counts = typeof clicked === 'number' && typeof newItems === 'number' ? { clicked, newItems } : {};
    queries.set(id, { id, text, split, ...counts, ...(typeof fold === 'number' && { fold }) });
  }
  return [...queries.values()];
}

async function loadQrels(path: string, known: Known, warnings: string[]): Promise<Dataset['qrels']> {
  const qrels: Dataset['qrels'] = new Map();
  for await (const { text, line } of readLines(path)) {
    const [queryId, itemId, gradeText, ...rest] = text.split('\t').map((cell) => cell.trim());
    if (!queryId || !itemId || gradeText === undefined || rest.length > 0)
      throw lineError({ path, line }, 'needs query_id, item_id and grade, separated by tabs');
    const grade = gradeText === '' ? Number.NaN : Number(gradeText);
    if (line === 1 && Number.isNaN(grade)) continue;
    if (!Number.isFinite(grade)) throw lineError({ path, line }, `"${gradeText}" is not a number`, 'grade');
    if (!known.queries.has(queryId)) warnings.push(`qrels.tsv:${line}: query ${queryId} is unknown; row left out`);
    else {
      if (!known.items.has(itemId)) warnings.push(`qrels.tsv:${line}: item ${itemId} is not in items.jsonl`);
      const grades = qrels.get(queryId) ?? new Map<string, number>();
      qrels.set(queryId, grades.set(itemId, Math.max(0, grade)));
    }
  }
  return qrels;
}

async function loadClicks(path: string, known: Known, warnings: string[]): Promise<DatasetSession[]> {
  const sessions: DatasetSession[] = [];
  for await (const { value, line } of readJsonLines(path, ClickLine)) {
    const asked = known.queries.get(value.query_id);
    if (!asked) {
      warnings.push(`clicks.jsonl:${line}: query ${value.query_id} is unknown; session left out`);
      continue;
    }
    const { session_id: sessionId, query_id: queryId, query = asked.text, shown, clicked, order } = value;
    const isShuffled = order === 'random';
    sessions.push({ sessionId, queryId, query, shown, clicked, isSimulated: false, ...(isShuffled && { isShuffled }) });
  }
  return sessions;
}

function limitWarnings(warnings: readonly string[]): string[] {
  const more = warnings.length - warningsMax;
  return more > 0 ? [...warnings.slice(0, warningsMax), `… and ${more} more`] : [...warnings];
}
