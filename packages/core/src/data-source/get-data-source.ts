import type { DataSource } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { showSource } from './show-source.ts';

export const DataSourceIdInput = z.object({ sourceId: z.string().min(1).max(128) });
export type DataSourceIdInput = z.input<typeof DataSourceIdInput>;

export async function getDataSource({ ctx, input }: { ctx: Ctx; input: DataSourceIdInput }): Promise<DataSource> {
  authorise(ctx, 'source.read');
  const { sourceId } = parseInput(DataSourceIdInput, input);
  return showSource(await ctx.deps.dataSources.getDataSource(sourceId));
}
