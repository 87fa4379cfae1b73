import { StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

/** A model that a collection embeds with must stay loaded: TASK_CONFLICT. */
export async function requireUnused(ctx: Ctx, modelId: string): Promise<void> {
  const collections = await ctx.deps.collections.listWriteTargets();
  const user = collections.find((collection) => collection.modelId === modelId);
  if (user === undefined) return;
  throw new StudioError('TASK_CONFLICT', `Collection ${user.id} embeds with ${modelId}; delete it first.`, {
    field: 'modelId',
  });
}
