import type { Faults } from './faults.ts';

export interface CsvRow {
  /** Where the row begins, from 1. */
  line: number;
  cells: string[];
}

/** Rows of RFC 4180 text: quoted cells may hold commas, doubled quotes and line breaks. Empty lines are left out. */
export function readCsv(text: string, faults: Faults): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const row: CsvRow = { line, cells: [] };
    for (let isRowDone = false; !isRowDone; ) {
      const cell = readCell(text, at);
      if (!cell.isClosed) faults.add({ line, column: `${row.cells.length + 1}` }, 'a quote is never closed');
      row.cells.push(cell.value);
      line += cell.breaks;
      at = cell.end;
      isRowDone = text[at] !== ',';
      if (!isRowDone) at += 1;
    }
    if (at < text.length) {
      at += text.startsWith('\r\n', at) ? 2 : 1;
      line += 1;
    }
    if (row.cells.length > 1 || row.cells[0]?.trim() !== '') rows.push(row);
  }
  return rows;
}

interface Cell {
  value: string;
  /** Of what follows the cell: a comma, a line break or the end. */
  end: number;
  breaks: number;
  isClosed: boolean;
}

const plain = /[^,\r\n]*/y;
const quoted = /"((?:[^"]|"")*)"[ \t]*(?=[,\r\n]|$)/y;

function readCell(text: string, start: number): Cell {
  if (text[start] !== '"') {
    plain.lastIndex = start;
    const value = plain.exec(text)?.[0] ?? '';
    return { value: value.trim(), end: start + value.length, breaks: 0, isClosed: true };
  }
  quoted.lastIndex = start;
  const found = quoted.exec(text);
  if (found === null) return { value: '', end: text.length, breaks: 0, isClosed: false };
  const value = (found[1] ?? '').replaceAll('""', '"');
  return { value, end: start + found[0].length, breaks: value.split('\n').length - 1, isClosed: true };
}

/** Spreadsheets run what begins with these; a quote before it makes it text, and `readCell` readers take it off again. */
const risky = /^[=+\-@\t\r]/;

export function csvCell(text: string): string {
  return `"${(risky.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

export function uncsvCell(text: string): string {
  return text.startsWith("'") && risky.test(text.slice(1)) ? text.slice(1) : text;
}
