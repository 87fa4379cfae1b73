import { Readable } from 'node:stream';
import { isStudioError, StudioError } from '@embedding-studio/contracts';
import { parse } from 'csv-parse';
import { delimiterOf, type FormatConfig, type RecordFormat, unreadable } from './record-format.ts';

/** One record of a file, or why it could not be read. */
export type FileRecord = { fields: Record<string, unknown>; fault?: undefined } | { fields: null; fault: string };

export interface FileContent {
  name: string;
  format: RecordFormat;
  bytes: AsyncIterable<Uint8Array>;
}

/** JSON documents and texts are read as a whole; the others line by line. */
const wholeBytesMax = 256 * 2 ** 20;
const lineCharsMax = 16 * 2 ** 20;

/**
 * The records of a file in their order.
 * @throws StudioError INPUT_INVALID where the file as a whole cannot be read, BODY_TOO_LARGE
 */
export function readRecords(file: FileContent, config: FormatConfig): AsyncIterable<FileRecord> {
  const readers = { jsonl: readJsonLines, csv: readCsv, json: readJson, text: readWholeText };
  return readers[file.format](file, config);
}

async function* readJsonLines({ bytes }: FileContent): AsyncGenerator<FileRecord> {
  let number = 0;
  for await (const line of splitLines(bytes)) {
    number += 1;
    if (line.trim() === '') continue;
    yield toRecord(() => JSON.parse(line), `line ${number} is not JSON`);
  }
}

function toRecord(read: () => unknown, otherwise: string): FileRecord {
  try {
    return { fields: toFields(read()) };
  } catch {
    return { fields: null, fault: otherwise };
  }
}

/** Anything but an object gets a name. */
function toFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : { value };
}

async function* splitLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Strips a byte order mark; what is not UTF-8 becomes replacement characters.
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > lineCharsMax && !rest.includes('\n'))
      throw new StudioError('BODY_TOO_LARGE', `A line is longer than ${lineCharsMax} characters.`);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

async function* readCsv({ name, bytes }: FileContent, config: FormatConfig): AsyncGenerator<FileRecord> {
  const source = Readable.from(bytes, { objectMode: false });
  const parser = parse({
    ...{ bom: true, columns: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true },
    delimiter: delimiterOf(config, name),
    max_record_size: lineCharsMax,
  });
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const fields of source.pipe(parser)) yield { fields: { ...(fields as Record<string, string>) } };
  } catch (cause) {
    if (isStudioError(cause)) throw cause;
    throw unreadable(name, `is not CSV: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

async function* readJson({ name, bytes }: FileContent, config: FormatConfig): AsyncGenerator<FileRecord> {
  const text = await readWhole(name, bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(name, 'is not JSON', cause);
  }
  for (const key of config.itemsPath?.split('.') ?? []) {
    const holder = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? value : null;
    if (holder === null) throw unreadable(name, `has nothing at ${config.itemsPath}`);
    value = (holder as Record<string, unknown>)[key];
  }
  for (const one of Array.isArray(value) ? value : [value]) yield { fields: toFields(one) };
}

async function* readWholeText({ name, bytes }: FileContent): AsyncGenerator<FileRecord> {
  yield { fields: { name, text: await readWhole(name, bytes) } };
}

async function readWhole(name: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > wholeBytesMax)
      throw new StudioError('BODY_TOO_LARGE', `${name} is longer than ${wholeBytesMax} bytes; use JSON lines or CSV.`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8').decode(Buffer.concat(chunks));
}
