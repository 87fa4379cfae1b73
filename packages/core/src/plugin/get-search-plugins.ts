import type { SearchPlugins } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { hideSecrets } from './config-secrets.ts';

export const GetSearchPluginsInput = z
  .object({ collectionId: z.string().min(1).max(128).optional().describe('The live collection when not given.') })
  .default({});
export type GetSearchPluginsInput = z.input<typeof GetSearchPluginsInput>;

export interface CollectionPlugins extends SearchPlugins {
  collectionId: string;
}

/** The plugins that take part in a collection's searches. Secrets in their configs are hidden. */
export async function getSearchPlugins({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: GetSearchPluginsInput;
}): Promise<CollectionPlugins> {
  const { collectionId } = parseInput(GetSearchPluginsInput, input);
  authorise(ctx, 'collection.read', collectionId);
  const { collections } = ctx.deps;
  const collection =
    collectionId === undefined ? (await resolveLive(ctx)).collection : await collections.getCollection(collectionId);
  return { collectionId: collection.id, ...hideSecrets(collection.searchPlugins) };
}
