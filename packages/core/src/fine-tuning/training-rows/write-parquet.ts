import type { TrainingRow, TrainingSetSummary } from '@embedding-studio/contracts';
import { type BasicType, ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type RowLines, readRow } from './training-rows-artefact.ts';

type Key = keyof TrainingRow;

const columns: readonly { name: Key; type: BasicType; nullable: boolean }[] = [
  { name: 'sessionId', type: 'STRING', nullable: false },
  { name: 'queryId', type: 'STRING', nullable: false },
  { name: 'query', type: 'STRING', nullable: false },
  { name: 'itemId', type: 'STRING', nullable: false },
  { name: 'position', type: 'INT32', nullable: true },
  { name: 'order', type: 'STRING', nullable: false },
  { name: 'label', type: 'STRING', nullable: false },
  { name: 'weight', type: 'DOUBLE', nullable: false },
  { name: 'satisfaction', type: 'DOUBLE', nullable: true },
  { name: 'propensity', type: 'DOUBLE', nullable: true },
  { name: 'why', type: 'STRING', nullable: false },
  { name: 'event', type: 'STRING', nullable: true },
  { name: 'dwellSeconds', type: 'DOUBLE', nullable: true },
  { name: 'isUsed', type: 'BOOLEAN', nullable: false },
];

const rowGroup = 20_000;

/** One file in row groups, each handed on as soon as it is encoded; the summary travels as key-value metadata. */
export async function* writeParquet(
  parts: AsyncIterable<RowLines>,
  summary: TrainingSetSummary,
): AsyncGenerator<Uint8Array> {
  const { parts: _parts, ...facts } = summary;
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    ...{ writer, schema: schemaFromColumnData({ columnData: toColumns([]) }), createdBy: 'embedding-studio' },
    kvMetadata: [{ key: 'training-set', value: JSON.stringify(facts) }],
  });
  let rows: TrainingRow[] = [];
  const encode = async (): Promise<Uint8Array> => {
    await file.write({ columnData: toColumns(rows), rowGroupSize: rows.length });
    rows = [];
    return drain(writer);
  };
  for await (const { lines } of parts) {
    for (const line of lines) rows.push(readRow(line));
    if (rows.length >= rowGroup) yield await encode();
  }
  if (rows.length > 0) yield await encode();
  await file.finish();
  yield drain(writer);
}

function toColumns(rows: readonly TrainingRow[]): ColumnSource[] {
  return columns.map((column) => ({ ...column, data: rows.map((row) => row[column.name]) }));
}

/** What was written since; the writer goes on counting, so that the footer's offsets hold. */
function drain(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
