import { type FieldMapping, type PreviewedItem, type SourcePreview, toStudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { mapRecord } from './map-record.ts';
import { callLoader, openTarget, SourceTarget } from './source-target.ts';

const rowsMax = 20;
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
  const { loader, config, mapping } = await openTarget(ctx, parseInput(PreviewDataSourceInput, input));
  const act = (signal: AbortSignal) => loader.preview(config, { limit: rowsMax, signal });
  const { rows, columns } = await callLoader(ctx, { loader, seconds, act });
  const shown = rows.slice(0, rowsMax);
  return { rows: shown, columns, items: shown.map((fields, at) => previewItem(fields, { mapping, at })) };
}

/** A preview has no keys: items without a mapped id are numbered. */
function previewItem(fields: Record<string, unknown>, row: { mapping: FieldMapping; at: number }): PreviewedItem {
  try {
    return { item: mapRecord({ key: `row-${row.at + 1}`, fields }, row.mapping), error: null };
  } catch (error) {
    return { item: null, error: toStudioError(error).message };
  }
}
