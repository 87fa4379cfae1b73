import type { Filter } from '@embedding-studio/contracts';

export const operators = ['is', 'isOneOf', 'contains', 'phrase', 'wildcard', 'atLeast', 'atMost', 'exists'] as const;
export type Operator = (typeof operators)[number];

export const operatorNames: Record<Operator, string> = {
  is: 'is',
  isOneOf: 'is one of',
  contains: 'has the words',
  phrase: 'has the phrase',
  wildcard: 'is like (*, ?)',
  atLeast: 'is at least',
  atMost: 'is at most',
  exists: 'is there',
};

/** One line of the filter builder. */
export interface FilterRow {
  field: string;
  operator: Operator;
  value: string;
  isNot: boolean;
}

export interface FilterRows {
  /** Whether all lines must hold, or one is enough; lines that must not hold never may. */
  join: 'all' | 'any';
  rows: FilterRow[];
}

export const emptyRow: FilterRow = { field: '', operator: 'is', value: '', isNot: false };

/** undefined while no line is complete. */
export function rowsToFilter({ join, rows }: FilterRows): Filter | undefined {
  const complete = rows.filter(isComplete);
  const wanted = complete.filter(({ isNot }) => !isNot).map(rowToClause);
  const unwanted = complete.filter(({ isNot }) => isNot).map(rowToClause);
  const [only] = wanted;
  if (unwanted.length === 0 && wanted.length === 1 && only) return only;
  if (complete.length === 0) return undefined;
  const place = join === 'all' ? 'must' : 'should';
  return {
    bool: { ...(wanted.length > 0 && { [place]: wanted }), ...(unwanted.length > 0 && { must_not: unwanted }) },
  };
}

function isComplete({ field, operator, value }: FilterRow): boolean {
  return field !== '' && (operator === 'exists' || value.trim() !== '');
}

function rowToClause({ field, operator, value }: FilterRow): Filter {
  const text = value.trim();
  switch (operator) {
    case 'is':
      return { term: { field, value: toScalar(text) } };
    case 'isOneOf':
      return { terms: { field, values: splitList(text).map(toScalar) } };
    case 'contains':
      return { match: { field, value: text } };
    case 'phrase':
      return { match_phrase: { field, value: text } };
    case 'wildcard':
      return { wildcard: { field, value: text } };
    case 'atLeast':
      return { range: { field, range: { gte: toBound(text) } } };
    case 'atMost':
      return { range: { field, range: { lte: toBound(text) } } };
    case 'exists':
      return { exists: { field } };
  }
}

function splitList(text: string): string[] {
  const values = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return values.length > 0 ? values : [text];
}

/** Numbers and truth values are themselves; in quotes they are text. */
function toScalar(text: string): string | number | boolean {
  if (/^".*"$/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return isNumber(text) ? Number(text) : text;
}

function toBound(text: string): string | number {
  return isNumber(text) ? Number(text) : text;
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** null where the filter says more than lines can: it is then edited as JSON. */
export function filterToRows(filter: Filter | undefined): FilterRows | null {
  if (filter === undefined) return { join: 'all', rows: [] };
  if (!('bool' in filter)) return withRows('all', [clauseToRow(filter, false)]);
  const { must = [], should = [], filter: also = [], must_not = [] } = filter.bool;
  const all = [...must, ...also];
  if (all.length > 0 && should.length > 0) return null;
  const wanted = [...all, ...should].map((clause) => clauseToRow(clause, false));
  const unwanted = must_not.map((clause) => clauseToRow(clause, true));
  return withRows(should.length > 0 ? 'any' : 'all', [...wanted, ...unwanted]);
}

function withRows(join: FilterRows['join'], rows: (FilterRow | null)[]): FilterRows | null {
  const known = rows.filter((row) => row !== null);
  return known.length === rows.length ? { join, rows: known } : null;
}

function clauseToRow(clause: Filter, isNot: boolean): FilterRow | null {
  const row = readClause(clause);
  return row === null ? null : { ...row, isNot };
}

function readClause(clause: Filter): Omit<FilterRow, 'isNot'> | null {
  if (
    'bool' in clause ||
    Object.values(clause).some((leaf) => 'forceNotPayload' in leaf || 'force_not_payload' in leaf)
  )
    return null;
  if ('term' in clause) return { field: clause.term.field, operator: 'is', value: quote(clause.term.value) };
  if ('terms' in clause)
    return { field: clause.terms.field, operator: 'isOneOf', value: clause.terms.values.map(quote).join(', ') };
  if ('match' in clause) return { ...clause.match, operator: 'contains' };
  if ('match_phrase' in clause) return { ...clause.match_phrase, operator: 'phrase' };
  if ('wildcard' in clause) return { ...clause.wildcard, operator: 'wildcard' };
  if ('exists' in clause) return { field: clause.exists.field, operator: 'exists', value: '' };
  return 'range' in clause ? readRange(clause.range) : null;
}

function readRange({ field, range }: { field: string; range: object }): Omit<FilterRow, 'isNot'> | null {
  const [[bound, value] = ['', ''], ...more] = Object.entries(range);
  if (more.length > 0 || (bound !== 'gte' && bound !== 'lte')) return null;
  return { field, operator: bound === 'gte' ? 'atLeast' : 'atMost', value: String(value) };
}

/** Text that would be read as something else keeps its quotes. */
function quote(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return toScalar(value) === value ? value : `"${value}"`;
}
