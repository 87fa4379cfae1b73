import { type Loader, type LoaderPreview, type SourceRow, StudioError } from '@embedding-studio/contracts';
import { type ConnectionStep, trySteps } from '../connection-steps.ts';
import { inferColumns } from '../records/infer-columns.ts';
import { readRecords } from '../records/read-records.ts';
import { type FormatConfig, findFormat, type RecordFormat } from '../records/record-format.ts';
import { compareObjects, firstRow, readCursor, writeCursor } from './object-cursor.ts';
import type { ObjectSource, SourceObject } from './object-source.ts';

/** Names and times of more objects than this do not fit in memory with ease. */
const objectsMax = 1_000_000;
const keyLengthMax = 1_500;

type Calls<Config> = Pick<Loader<Config>, 'testConnection' | 'preview' | 'read'>;

/** The calls of a loader over a place with files. Every file of a known format becomes records. */
export function readObjects<Config extends FormatConfig>(open: (config: Config) => ObjectSource): Calls<Config> {
  return {
    async testConnection(config, signal) {
      const source = open(config);
      let found: KnownObject | undefined;
      return trySteps([
        ...source.steps,
        listStep({ source, config, signal }, (first) => {
          found = first;
        }),
        {
          name: 'read',
          act: async () => readFirst(found, { source, config, signal }),
        },
        { name: 'parse', act: async () => parseFirst(found, { source, config, signal }) },
      ]);
    },
    async preview(config, { limit, signal }): Promise<LoaderPreview> {
      const rows: Record<string, unknown>[] = [];
      for await (const { record } of readAll({ source: open(config), config, signal }, null)) {
        if (record.fault === undefined) rows.push(record.fields);
        if (rows.length >= limit) break;
      }
      return { rows, columns: inferColumns(rows) };
    },
    read: (config, { cursor, signal }) => readAll({ source: open(config), config, signal }, cursor),
  };
}

interface Reading {
  source: ObjectSource;
  config: FormatConfig;
  signal: AbortSignal;
}

interface KnownObject extends SourceObject {
  format: RecordFormat;
}

function listStep(reading: Reading, onFirst: (object: KnownObject | undefined) => void): ConnectionStep {
  return {
    name: 'list',
    act: async () => {
      let seen = 0;
      for await (const object of reading.source.list(reading.signal)) {
        seen += 1;
        const format = findFormat(reading.config, { name: object.key });
        if (format === null) continue;
        onFirst({ ...object, format });
        return `found ${object.key}`;
      }
      const message = seen === 0 ? 'There is nothing.' : `None of ${seen} files has a known format; set one.`;
      throw new StudioError('INPUT_INVALID', message, { field: 'format' });
    },
  };
}

async function readFirst(object: KnownObject | undefined, { source, signal }: Reading): Promise<string> {
  if (object === undefined) return 'nothing to read';
  for await (const chunk of await source.open(object, signal)) return `${chunk.length} of ${object.bytes} bytes read`;
  return 'the file is empty';
}

async function parseFirst(object: KnownObject | undefined, { source, config, signal }: Reading): Promise<string> {
  if (object === undefined) return 'nothing to parse';
  const bytes = await source.open(object, signal);
  for await (const { fault } of readRecords({ name: object.key, format: object.format, bytes }, config)) {
    if (fault === undefined) return `${object.key} is ${object.format}`;
    throw new StudioError('INPUT_INVALID', `${object.key}: ${fault}`, { field: 'format' });
  }
  return `${object.key} holds no record`;
}

async function* readAll(reading: Reading, cursor: string | null): AsyncGenerator<SourceRow> {
  const last = cursor === null ? null : readCursor(cursor);
  const due: (KnownObject & { from: number })[] = [];
  let seen = 0;
  for await (const object of reading.source.list(reading.signal)) {
    reading.signal.throwIfAborted();
    seen += 1;
    if (seen > objectsMax)
      throw new StudioError('INPUT_INVALID', `prefix: there are more than ${objectsMax} files; narrow it`, {
        field: 'prefix',
      });
    const format = findFormat(reading.config, { name: object.key });
    const from = firstRow(object, last);
    if (format !== null && from !== null && object.key.length <= keyLengthMax) due.push({ ...object, format, from });
  }
  for (const object of due.sort(compareObjects)) yield* readObject(reading, object);
}

/** One record is held back, so that the last one of a file is known as such. */
async function* readObject(reading: Reading, object: KnownObject & { from: number }): AsyncGenerator<SourceRow> {
  const { source, config, signal } = reading;
  const bytes = await source.open(object, signal);
  let row = -1;
  let held: SourceRow['record'] | null = null;
  const release = (record: SourceRow['record'], at: { row: number; isEnd: boolean }): SourceRow => ({
    record,
    cursor: writeCursor({ ...object, ...at }),
  });
  for await (const { fields, fault } of readRecords({ name: object.key, format: object.format, bytes }, config)) {
    signal.throwIfAborted();
    row += 1;
    if (row < object.from) continue;
    if (held !== null) yield release(held, { row: row - 1, isEnd: false });
    const key = object.format === 'text' ? object.key : `${object.key}#${row + 1}`;
    held = { key, fields: fields ?? {}, ...(fault !== undefined && { fault }) };
  }
  signal.throwIfAborted();
  if (held !== null) yield release(held, { row, isEnd: true });
}
