import { type PluginListing, pluginKinds } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const ListPluginsInput = z.object({ kind: z.enum(pluginKinds).optional() }).default({});
export type ListPluginsInput = z.input<typeof ListPluginsInput>;

/** All plugins of this process, those that cannot be used among them with the reason. */
export async function listPlugins({ ctx, input }: { ctx: Ctx; input: ListPluginsInput }): Promise<PluginListing[]> {
  authorise(ctx, 'collection.read');
  const { kind } = parseInput(ListPluginsInput, input);
  return ctx.deps.plugins.listPlugins().filter((listed) => kind === undefined || listed.kind === kind);
}
