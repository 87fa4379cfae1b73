import type { DataSource } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { KeysetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { showSource } from './show-source.ts';

export const ListDataSourcesInput = KeysetPage;
export type ListDataSourcesInput = z.input<typeof ListDataSourcesInput>;

/** A page of data sources by id. */
export async function listDataSources({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListDataSourcesInput;
}): Promise<DataSource[]> {
  authorise(ctx, 'source.read');
  return (await ctx.deps.dataSources.listDataSources(parseInput(ListDataSourcesInput, input))).map(showSource);
}
