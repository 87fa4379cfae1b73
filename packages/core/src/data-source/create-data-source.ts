import {
  type DataSource,
  defaultMapping,
  FieldMapping,
  ItemProcessing,
  newId,
  plainProcessing,
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

export const CreateDataSourceInput = z.object({
  name: z.string().trim().min(1).max(200),
  /** Id of a loader plugin. */
  loader: z.string().min(1).max(100),
  /** What the loader's schema asks for. A secret is a text, or `{ "setting": name }`. */
  config: z.record(z.string(), z.unknown()),
  mapping: FieldMapping.default(defaultMapping),
  processing: ItemProcessing.default(plainProcessing),
  /** What full syncs do with items whose record is gone. */
  deletions: VanishedItems.default('keep'),
});
export type CreateDataSourceInput = z.input<typeof CreateDataSourceInput>;

export async function createDataSource({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CreateDataSourceInput;
}): Promise<DataSource> {
  authorise(ctx, 'source.write');
  const { name, loader: loaderId, config, mapping, processing, deletions } = parseInput(CreateDataSourceInput, input);
  const id = newId('source');
  const stored = storeConfig(ctx, { sourceId: id, loader: findLoader(ctx, loaderId), config });
  preparePartMaker(ctx, processing);
  const source = await ctx.deps.dataSources.createDataSource({
    ...{ id, name, loader: loaderId, mapping, processing, deletions },
    ...stored,
  });
  await recordAudit(ctx, { action: 'data-source.create', subject: id, detail: { name, loader: loaderId } });
  return showSource(source);
}
