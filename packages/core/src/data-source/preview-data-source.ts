import {
  type FieldMapping,
  type ItemInput,
  type PreviewedItem,
  type SourcePreview,
  type SourceRecord,
  toStudioError,
} from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { composeItem } from '../item/compose-item.ts';
import { preparePartMaker } from '../item/part-maker.ts';
import { parseInput } from '../parse-input.ts';
import { mapRecord } from './map-record.ts';
import { callLoader, openTarget, SourceTarget } from './source-target.ts';

const rowsMax = 20;
/** Of one text. */
const charsMax = 1_000;
const partsMax = 4;
const seconds = 30;

export const PreviewDataSourceInput = SourceTarget;
export type PreviewDataSourceInput = SourceTarget;

/** The first rows, the columns that they have, and each row as the item that the mapping makes of it. Writes nothing. */
export async function previewDataSource({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: PreviewDataSourceInput;
}): Promise<SourcePreview> {
  authorise(ctx, 'source.write');
  const { loader, config, mapping, processing } = await openTarget(ctx, parseInput(PreviewDataSourceInput, input));
  const maker = preparePartMaker(ctx, processing);
  const act = (signal: AbortSignal) => loader.preview(config, { limit: rowsMax, signal });
  const { rows, columns } = await callLoader(ctx, { loader, seconds, act });
  const shown = rows.slice(0, rowsMax);
  const compose = (item: ItemInput) => composeItem(item, ctx.deps.settings, maker).parts;
  return {
    rows: shown.map((row) => clip(row, charsMax) as Record<string, unknown>),
    columns,
    items: shown.map((fields, at) => previewItem({ key: `row-${at + 1}`, fields }, { mapping, compose })),
  };
}

/** A preview has no keys: items without a mapped id are numbered. */
function previewItem(
  record: SourceRecord,
  { mapping, compose }: { mapping: FieldMapping; compose: (item: ItemInput) => string[] },
): PreviewedItem {
  try {
    const item = mapRecord(record, mapping);
    const parts = compose(item).slice(0, partsMax);
    return {
      item: clip(item, charsMax) as ItemInput,
      parts: parts.map((part) => clip(part, charsMax) as string),
      error: null,
    };
  } catch (error) {
    return { item: null, parts: null, error: toStudioError(error).message };
  }
}

/** The value with its long texts cut and its long lists shortened, so that an answer stays small. */
function clip(value: unknown, max: number): unknown {
  if (typeof value === 'string') return value.length > max ? `${value.slice(0, max)} …` : value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.slice(0, 50).map((entry) => clip(entry, max));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, clip(entry, max)]));
}
