import type { LivePointer, Rollout } from '@embedding-studio/contracts';
import { actorName } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { requestRetirement } from './request-retirement.ts';
import { settleQueryAdapters } from './settle-query-adapters.ts';

/**
 * Makes rollouts and model rows agree with the live pointer, which alone decides. Idempotent: it is run after every
 * switch and by the sweeper, so that a crash between pointer and documents heals.
 */
export async function settleLivePointer(ctx: Ctx): Promise<LivePointer | null> {
  const pointer = await ctx.deps.collections.findLive();
  if (pointer === null) return null;
  const serving = await ctx.deps.rollouts.findRolloutByCollection(pointer.collectionId);
  if (serving !== null) await settleServing(ctx, serving);
  const others = await ctx.deps.rollouts.listRollouts({ offset: 0, limit: 100, state: 'live' });
  for (const other of others) {
    if (other.movesQueries !== true && other.collectionId !== pointer.collectionId)
      await settleReplaced(ctx, { other, serving, pointer });
  }
  await settleQueryAdapters(ctx, await ctx.deps.collections.findLiveCollection());
  return pointer;
}

async function settleServing(ctx: Ctx, serving: Rollout): Promise<void> {
  const from = serving.state === 'failed' ? (await takeBack(ctx, serving)).state : serving.state;
  if (from !== 'verified' && from !== 'standby' && from !== 'rolledBack') return;
  await ctx.deps.rollouts.advanceRollout({
    id: serving.id,
    from,
    to: 'live',
    actor: actorName(ctx.actor),
    reason: 'The live pointer names its collection.',
  });
  if (serving.modelId !== null) await ctx.deps.models.updateModelStatus(serving.modelId, 'live');
}

/** It failed after its collection had gone live: an answer got lost, or somebody switched by hand. */
function takeBack(ctx: Ctx, serving: Rollout): Promise<Rollout> {
  return ctx.deps.rollouts.advanceRollout({
    id: serving.id,
    from: 'failed',
    to: 'verified',
    actor: actorName(ctx.actor),
    reason: 'The live pointer names its collection.',
  });
}

/** What lost the pointer to an older rollout was rolled back; what lost it to a newer one stands by. */
async function settleReplaced(
  ctx: Ctx,
  options: { other: Rollout; serving: Rollout | null; pointer: LivePointer },
): Promise<void> {
  const { other, serving, pointer } = options;
  const isRolledBack = serving !== null && serving.createdAt.getTime() < other.createdAt.getTime();
  if (other.modelId !== null && other.modelId !== serving?.modelId)
    await ctx.deps.models.updateModelStatus(other.modelId, 'standby');
  await requestRetirement(ctx, { rollout: other, pointer });
  await ctx.deps.rollouts.advanceRollout({
    id: other.id,
    from: 'live',
    to: isRolledBack ? 'rolledBack' : 'standby',
    actor: actorName(ctx.actor),
    reason: isRolledBack ? 'Rolled back to an older collection.' : 'Replaced by a newer collection.',
  });
}
