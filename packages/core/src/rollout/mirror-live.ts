import { type ModelRecord, toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { rootName } from '../fine-tuning/training-run.ts';

/** Of the registered model in the tracker: which version serves, and which a rollback returns to. */
export const liveAlias = 'live';
export const previousAlias = 'previous';

/**
 * Keeps the tracker's aliases at what the live pointer names. Called by the sweeper: a tracker that is away delays no
 * switch, and gets the aliases when it is back.
 */
export function createLiveMirror(ctx: Ctx): () => Promise<void> {
  let mirrored = -1;
  return async () => {
    const live = await ctx.deps.collections.findLive();
    if (live === null || live.version === mirrored) return;
    try {
      const model = await findModel(ctx, live.collectionId);
      const previous = live.previousCollectionId === null ? null : await findModel(ctx, live.previousCollectionId);
      await point(ctx, { alias: previousAlias, model: previous, other: model });
      await point(ctx, { alias: liveAlias, model, other: previous });
      mirrored = live.version;
    } catch (error) {
      ctx.deps.log.warn(
        { code: toStudioError(error).code },
        'the tracker’s aliases do not follow the live pointer yet',
      );
    }
  };
}

async function findModel(ctx: Ctx, collectionId: string): Promise<ModelRecord> {
  return ctx.deps.models.getModel((await ctx.deps.collections.getCollection(collectionId)).modelId);
}

/** Models of another family stand under another name; the alias must not stay behind there. */
async function point(
  ctx: Ctx,
  to: { alias: string; model: ModelRecord | null; other: ModelRecord | null },
): Promise<void> {
  const { tracker } = ctx.deps;
  const { alias, model, other } = to;
  const name = model === null ? null : rootName(model);
  if (other !== null && rootName(other) !== name)
    await tracker.setModelAlias({ name: rootName(other), alias, modelId: null });
  if (model === null || name === null) return;
  // Base models are registered when they first serve; trained ones are already.
  await tracker.registerModelVersion({ name, modelId: model.id, runId: null });
  await tracker.setModelAlias({ name, alias, modelId: model.id });
}
