import type { ColumnType, InferredColumn } from '@embedding-studio/contracts';

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const numeral = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Columns in the order in which they first appear; a column of mixed types is text. */
export function inferColumns(rows: readonly Record<string, unknown>[]): InferredColumn[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.map((name) => {
    const values = rows
      .map((row) => row[name])
      .filter((value) => value !== undefined && value !== null && value !== '');
    const types = new Set(values.map(typeOf));
    const [type = 'empty'] = types;
    return { name, type: types.size > 1 ? 'text' : type, isOptional: values.length < rows.length };
  });
}

function typeOf(value: unknown): ColumnType {
  if (value instanceof Uint8Array) return 'binary';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value === 'number' ? 'number' : 'boolean';
  const text = String(value);
  if (numeral.test(text)) return 'number';
  if (isoDate.test(text)) return 'date';
  return text === 'true' || text === 'false' ? 'boolean' : 'text';
}
