import {
  type DataSourceRecord,
  type ItemFailure,
  type ItemRecord,
  type Loader,
  type SourceRow,
  toStudioError,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { composeItem, type PartMaker } from '../item/compose-item.ts';
import { itemIdOf, mapRecord } from './map-record.ts';
import { toLoaderError } from './source-target.ts';

const batchSize = 128;
/** Long texts make a batch end earlier. */
const batchCharsMax = 4_000_000;

export interface SourceBatch {
  items: ItemRecord[];
  /** Items that the source says are gone. */
  deleted: string[];
  failures: ItemFailure[];
  /** Items that the source still has, those that failed among them. */
  seen: string[];
  /** Records of which nobody can say which item they are. */
  unknown: number;
  rows: number;
  /** Reading goes on after this batch from here. */
  cursor: string;
}

export interface SourceReading {
  source: DataSourceRecord;
  loader: Loader;
  config: unknown;
  maker: PartMaker;
  cursor: string | null;
  /** Nothing but these items. */
  only: ReadonlySet<string> | null;
}

/** Records of a source as items, in batches that are written as one. */
export async function* readBatches(ctx: Ctx, reading: SourceReading): AsyncGenerator<SourceBatch> {
  const { loader, config, cursor } = reading;
  const signal = ctx.signal ?? new AbortController().signal;
  let batch: SourceBatch | null = null;
  let chars = 0;
  try {
    for await (const row of loader.read(config, { cursor, signal })) {
      signal.throwIfAborted();
      batch ??= { items: [], deleted: [], failures: [], seen: [], unknown: 0, rows: 0, cursor: row.cursor };
      chars += addRow(ctx, { batch, row, reading });
      if (batch.rows < batchSize && chars < batchCharsMax) continue;
      yield batch;
      batch = null;
      chars = 0;
    }
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    throw toLoaderError(ctx, loader, thrown);
  }
  signal.throwIfAborted();
  if (batch !== null) yield batch;
}

function addRow(ctx: Ctx, adding: { batch: SourceBatch; row: SourceRow; reading: SourceReading }): number {
  const { batch, row, reading } = adding;
  const { mapping } = reading.source;
  batch.cursor = row.cursor;
  batch.rows += 1;
  let itemId = row.record.key.slice(0, 128);
  let stage: ItemFailure['stage'] = 'validate';
  if (row.record.fault !== undefined) {
    if (mapping.id === null) batch.seen.push(itemId);
    else batch.unknown += 1;
    if (reading.only === null) batch.failures.push({ itemId, stage: 'load', detail: row.record.fault });
    return 0;
  }
  try {
    itemId = itemIdOf(row.record, mapping);
    if (reading.only !== null && !reading.only.has(itemId)) return 0;
    if (row.record.isDeleted === true) {
      removeFrom(batch, itemId);
      batch.deleted.push(itemId);
      return 0;
    }
    batch.seen.push(itemId);
    const input = mapRecord(row.record, mapping);
    stage = 'compose';
    const item = composeItem(input, ctx.deps.settings, reading.maker);
    batch.deleted = batch.deleted.filter((id) => id !== itemId);
    batch.items.push(item);
    return item.body.length;
  } catch (error) {
    if (!batch.seen.includes(itemId)) batch.unknown += 1;
    batch.failures.push({ itemId, stage, detail: toStudioError(error).message });
    return 0;
  }
}

/** A record that came and went within one batch leaves nothing. */
function removeFrom(batch: SourceBatch, itemId: string): void {
  batch.items = batch.items.filter(({ id }) => id !== itemId);
  batch.seen = batch.seen.filter((id) => id !== itemId);
}
