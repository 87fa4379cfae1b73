import { ItemId } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { collectFaults, type Faults } from './faults.ts';
import { type CsvRow, readCsv, uncsvCell } from './read-csv.ts';

export interface ParsedJudgement {
  line: number;
  queryKey: string;
  query: string;
  itemId: string;
  /** 0–3. */
  grade: number;
}

export interface JudgementFile {
  format: 'qrels' | 'quepid';
  text: string;
  /** Of qrels: topic, tab, query. Where it is absent a topic is the query itself with `_` for spaces. */
  topics?: string;
  /** The best rating of the file, which becomes 3. */
  scaleMax: number;
}

export const rowsMax = 50_000;
const queryMax = 2_000;

/** The rows of a file, each query and item once; refuses the whole file by line and column if anything is wrong. */
export function parseJudgements(file: JudgementFile): ParsedJudgement[] {
  const faults = collectFaults();
  const nul = file.text.indexOf('\0');
  if (nul >= 0) faults.add({ line: file.text.slice(0, nul).split('\n').length }, 'holds a character that is no text');
  faults.settle();
  const raw = file.format === 'qrels' ? readQrels(file, faults) : readQuepid(file, faults);
  faults.settle();
  if (raw.length === 0) faults.add({ line: 1 }, 'the file holds no judgement');
  if (raw.length > rowsMax) faults.add({ line: raw[rowsMax]?.line ?? 1 }, `more than ${rowsMax} judgements`);
  faults.settle();
  const rows = new Map<string, ParsedJudgement>();
  for (const one of raw) {
    const row = toRow(one, { faults, scaleMax: file.scaleMax });
    const key = `${row.queryKey}\n${row.itemId}`;
    const other = rows.get(key);
    if (other === undefined) rows.set(key, row);
    else if (other.grade !== row.grade)
      faults.add({ line: row.line }, `the same query and item are graded otherwise in line ${other.line}`);
  }
  faults.settle();
  return [...rows.values()];
}

interface RawRow {
  line: number;
  query: string;
  itemId: string;
  rating: string;
  /** As the file counts or names them. */
  columns: { query: string; itemId: string; rating: string };
}

function readQrels({ text, topics }: JudgementFile, faults: Faults): RawRow[] {
  const names = topics === undefined ? null : readTopics(topics, faults);
  const columns = { query: '1 (topic)', itemId: '3 (document)', rating: '4 (grade)' };
  return listLines(text).flatMap(({ line, value }) => {
    const cells = value.split(/\s+/);
    const [topic = '', , itemId = '', rating = ''] = cells;
    if (cells.length !== 4) {
      faults.add({ line }, `holds ${cells.length} columns, not 4: topic 0 document grade`);
      return [];
    }
    const query = names === null ? topic.replaceAll('_', ' ') : (names.get(topic) ?? '');
    if (names !== null && query === '') faults.add({ line, column: columns.query }, `topics do not name ${topic}`);
    return [{ line, query, itemId, rating, columns }];
  });
}

function readTopics(text: string, faults: Faults): Map<string, string> {
  const names = new Map<string, string>();
  for (const { line, value } of listLines(text)) {
    const [topic = '', query = ''] = value.split('\t').map((part) => part.trim());
    if (topic === '' || query === '') faults.add({ line }, 'of the topics: not a topic, a tab and a query');
    names.set(topic, query);
  }
  return names;
}

function listLines(text: string): { line: number; value: string }[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((value, at) => ({ line: at + 1, value: value.trim() }))
    .filter(({ value }) => value !== '');
}

/** The names of ratings as they are imported, and as a whole case is exported. */
const headers = { query: ['query', 'query text'], itemId: ['docid', 'doc id'], rating: ['rating'] };

function readQuepid({ text }: JudgementFile, faults: Faults): RawRow[] {
  const [header, ...rows] = readCsv(text, faults);
  if (header === undefined) return [];
  const names = header.cells.map((cell) => cell.toLowerCase().trim());
  const find = (wanted: readonly string[]) => names.findIndex((name) => wanted.includes(name));
  const at = { query: find(headers.query), itemId: find(headers.itemId), rating: find(headers.rating) };
  for (const [column, place] of Object.entries(at))
    if (place < 0)
      faults.add({ line: header.line }, `the header has no column ${headers[column as keyof typeof at].join(' or ')}`);
  if (Object.values(at).some((place) => place < 0)) return [];
  const columns = { query: 'query', itemId: 'docid', rating: 'rating' };
  return rows.flatMap(({ line, cells }: CsvRow) => {
    if (cells.length !== names.length) {
      faults.add({ line }, `holds ${cells.length} columns, the header ${names.length}`);
      return [];
    }
    const cell = (place: number) => uncsvCell(cells[place] ?? '').trim();
    const rating = cell(at.rating);
    // A case is exported with all that was found; what nobody has rated yet is no judgement.
    return rating === '' ? [] : [{ line, query: cell(at.query), itemId: cell(at.itemId), rating, columns }];
  });
}

function toRow(raw: RawRow, { faults, scaleMax }: { faults: Faults; scaleMax: number }): ParsedJudgement {
  const { line, query, itemId, rating, columns } = raw;
  const queryKey = normaliseQuery(query);
  if (queryKey === '' || query.length > queryMax)
    faults.add({ line, column: columns.query }, `not a query of at most ${queryMax} letters with a word or number`);
  if (!ItemId.safeParse(itemId).success) faults.add({ line, column: columns.itemId }, 'not the id of an item');
  const value = Number(rating);
  if (!/^[+-]?\d+(\.\d+)?$/.test(rating) || value > scaleMax)
    faults.add({ line, column: columns.rating }, `"${rating.slice(0, 20)}" is no grade of at most ${scaleMax}`);
  // TREC marks junk by grades below 0.
  return { line, queryKey, query, itemId, grade: Math.round((3 * Math.max(0, value)) / scaleMax) };
}
