import { type LivePointer, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { setLive } from '../collection/set-live.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { isPromotable } from './rollout-actions.ts';

export const PromoteRolloutInput = z.object({
  rolloutId: z.string().min(1).max(128),
  /** What the operator saw serving; refused with LIVE_POINTER_MOVED when that has changed. */
  expectedCollectionId: z.string().min(1).max(128).nullable(),
});
export type PromoteRolloutInput = z.input<typeof PromoteRolloutInput>;

/** Makes the collection of a rollout that rests serve. What served stands by, and a rollback returns to it. */
export async function promoteRollout({ ctx, input }: { ctx: Ctx; input: PromoteRolloutInput }): Promise<LivePointer> {
  authorise(ctx, 'rollout.write');
  const { rolloutId, expectedCollectionId } = parseInput(PromoteRolloutInput, input);
  const rollout = await ctx.deps.rollouts.getRollout(rolloutId);
  if (rollout.collectionId === null || !isPromotable(rollout))
    throw new StudioError('TRANSITION_ILLEGAL', `Rollout ${rolloutId} is ${rollout.state} and cannot be promoted.`, {
      field: 'rolloutId',
    });
  const live = await ctx.deps.collections.findLive();
  if ((live?.collectionId ?? null) !== expectedCollectionId)
    throw new StudioError('LIVE_POINTER_MOVED', `${live?.collectionId} is live, not ${expectedCollectionId}.`);
  const moved = await setLive({ ctx, input: { collectionId: rollout.collectionId } });
  await recordAudit(ctx, { action: 'rollout.promote', subject: rolloutId, detail: { version: moved.version } });
  return moved;
}
