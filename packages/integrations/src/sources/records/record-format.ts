import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

export const recordFormats = ['jsonl', 'csv', 'json', 'text'] as const;
export type RecordFormat = (typeof recordFormats)[number];

/** How the content of files becomes records; the same keys in every loader that reads files. */
export const formatShape = {
  format: z
    .enum(['auto', ...recordFormats])
    .default('auto')
    .describe('auto: by the end of the name (.jsonl, .ndjson, .csv, .tsv, .json, .txt, .md); others are left out.'),
  delimiter: z.string().length(1).optional().describe('Between the columns of CSV; default: a comma, in .tsv a tab.'),
  itemsPath: z
    .string()
    .max(300)
    .optional()
    .describe('Where the list stands in a JSON document, names joined by dots; default: the document is the list.'),
};
export interface FormatConfig {
  format: 'auto' | RecordFormat;
  delimiter?: string;
  itemsPath?: string;
}

const endings: Record<string, RecordFormat> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  txt: 'text',
  md: 'text',
};
const mediaTypes: Record<string, RecordFormat> = {
  'application/x-ndjson': 'jsonl',
  'application/jsonl': 'jsonl',
  'application/jsonlines': 'jsonl',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'application/json': 'json',
  'text/plain': 'text',
  'text/markdown': 'text',
};

/** The format of a file; null where `auto` does not know its name. */
export function findFormat(config: FormatConfig, file: { name: string; mediaType?: string }): RecordFormat | null {
  if (config.format !== 'auto') return config.format;
  const ending = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const mediaType = file.mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return endings[ending] ?? mediaTypes[mediaType] ?? null;
}

export function delimiterOf(config: FormatConfig, name: string): string {
  return config.delimiter ?? (name.toLowerCase().endsWith('.tsv') ? '\t' : ',');
}

export function unreadable(name: string, message: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', `${name}: ${message}`, { field: 'format', cause });
}
