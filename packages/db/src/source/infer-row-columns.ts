import type { ColumnType, InferredColumn } from '@embedding-studio/contracts';

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[+-]\d{2}:\d{2})?)?$/;

/** Columns of rows that the database has turned into JSON: types are its own, but for dates. */
export function inferRowColumns(rows: readonly Record<string, unknown>[]): InferredColumn[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.map((name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== undefined && value !== null);
    const types = new Set(values.map(typeOf));
    const [type = 'empty'] = types;
    return { name, type: types.size > 1 ? 'text' : type, isOptional: values.length < rows.length };
  });
}

function typeOf(value: unknown): ColumnType {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return isoDate.test(String(value)) ? 'date' : 'text';
}
