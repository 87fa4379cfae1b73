import { type LivePointer, type Rollout, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { switchQueryAdapter } from '../adapter/query-rollout.ts';
import { authorise } from '../authorise.ts';
import { setLive } from '../collection/set-live.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { isPromotable } from './rollout-actions.ts';
import { settleLivePointer } from './settle-live-pointer.ts';

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
  if (!isPromotable(rollout))
    throw new StudioError('TRANSITION_ILLEGAL', `Rollout ${rolloutId} is ${rollout.state} and cannot be promoted.`, {
      field: 'rolloutId',
    });
  const live = await ctx.deps.collections.findLive();
  if ((live?.collectionId ?? null) !== expectedCollectionId)
    throw new StudioError('LIVE_POINTER_MOVED', `${live?.collectionId} is live, not ${expectedCollectionId}.`);
  const moved =
    rollout.collectionId === null
      ? await promoteAdapter(ctx, { rollout, live })
      : await setLive({ ctx, input: { collectionId: rollout.collectionId } });
  await recordAudit(ctx, { action: 'rollout.promote', subject: rolloutId, detail: { version: moved.version } });
  return moved;
}

/** The pointer stays where it is: only how queries are moved changes. */
async function promoteAdapter(
  ctx: Ctx,
  { rollout, live }: { rollout: Rollout; live: LivePointer | null },
): Promise<LivePointer> {
  await switchQueryAdapter(ctx, rollout);
  await settleLivePointer(ctx);
  if (live !== null) return live;
  throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing is live.');
}
