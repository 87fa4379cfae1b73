import {
  type DataSource,
  type DataSourceRecord,
  FieldMapping,
  ItemProcessing,
  VanishedItems,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { preparePartMaker } from '../item/part-maker.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { showSource } from './show-source.ts';
import { findLoader, storeConfig } from './source-config.ts';

export const UpdateDataSourceInput = z.object({
  sourceId: z.string().min(1).max(128),
  name: z.string().trim().min(1).max(200).optional(),
  /** Replaces the whole config; secrets that are left out stay, null removes one. */
  config: z.record(z.string(), z.unknown()).optional(),
  mapping: FieldMapping.optional(),
  processing: ItemProcessing.optional(),
  deletions: VanishedItems.optional(),
});
export type UpdateDataSourceInput = z.input<typeof UpdateDataSourceInput>;

/** The cursor stays: after a change that concerns what was read already, sync in mode `full`. */
export async function updateDataSource({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateDataSourceInput;
}): Promise<DataSource> {
  authorise(ctx, 'source.write');
  const { sourceId, config, ...rest } = parseInput(UpdateDataSourceInput, input);
  const previous = await ctx.deps.dataSources.getDataSource(sourceId);
  if (rest.processing !== undefined) preparePartMaker(ctx, rest.processing);
  const change: Partial<DataSourceRecord> = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  );
  if (config !== undefined)
    Object.assign(change, storeConfig(ctx, { sourceId, loader: findLoader(ctx, previous.loader), config, previous }));
  const changed = await ctx.deps.dataSources.updateDataSource(sourceId, change);
  await recordAudit(ctx, { action: 'data-source.update', subject: sourceId, detail: { fields: Object.keys(change) } });
  return showSource(changed);
}
