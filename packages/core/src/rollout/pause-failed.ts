import type { Rollout } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { listMoving } from './list-moving.ts';

/**
 * Collections of failed rollouts take no more writes: nobody reads them, and every ingest would pay for them. What they
 * miss is caught up with when the reindex runs again. Idempotent; the sweeper repeats it.
 */
export async function pauseFailed(ctx: Ctx): Promise<void> {
  const targets = new Set((await ctx.deps.collections.listWriteTargets()).map(({ id }) => id));
  const failed = await ctx.deps.rollouts.listRollouts({ state: 'failed', offset: 0, limit: 100 });
  for (const rollout of failed) {
    const { collectionId } = rollout;
    if (collectionId === null || !targets.has(collectionId) || (await isWanted(ctx, rollout, collectionId))) continue;
    if (!(await ctx.deps.collections.pauseCollection(collectionId))) continue;
    await recordAudit(ctx, { action: 'collection.pause', subject: collectionId, detail: { rolloutId: rollout.id } });
  }
}

/** A collection belongs to its model: another rollout of it may be filling what this one has left. */
async function isWanted(ctx: Ctx, failed: Rollout, collectionId: string): Promise<boolean> {
  const newest = await ctx.deps.rollouts.findRolloutByCollection(collectionId);
  if (newest !== null && newest.state !== 'failed') return true;
  return (await listMoving(ctx)).some(({ modelId }) => modelId === failed.modelId);
}
