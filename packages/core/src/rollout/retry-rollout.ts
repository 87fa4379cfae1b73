import { actorName, type Rollout, type RolloutState, StudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type RolloutIdInput, RolloutIdInput as RolloutIdSchema } from './list-rollouts.ts';
import { requestNextStep } from './request-next-step.ts';

/**
 * Takes a failed rollout back to the state it failed in and tries the step again; one that had a collection already
 * fills it again, for it has missed the writes since.
 */
export async function retryRollout({ ctx, input }: { ctx: Ctx; input: RolloutIdInput }): Promise<Rollout> {
  authorise(ctx, 'rollout.write');
  const { rolloutId } = parseInput(RolloutIdSchema, input);
  const failed = await ctx.deps.rollouts.getRollout(rolloutId);
  const from = failed.transitions.at(-1)?.from;
  if (failed.state !== 'failed' || from === undefined) {
    throw new StudioError(
      'TRANSITION_ILLEGAL',
      `Rollout ${rolloutId} is ${failed.state}; only a failed one is retried.`,
    );
  }
  const to = await findReturn(ctx, failed, from);
  const rollout = await ctx.deps.rollouts.advanceRollout({
    id: rolloutId,
    from: 'failed',
    to,
    actor: actorName(ctx.actor),
    reason: 'Retried.',
  });
  await recordAudit(ctx, { action: 'rollout.retry', subject: rolloutId, detail: { state: to } });
  await requestNextStep(ctx, rollout);
  return rollout;
}

async function findReturn(ctx: Ctx, { collectionId }: Rollout, from: RolloutState): Promise<RolloutState> {
  if (from !== 'indexing' && from !== 'verified') return from;
  const live = await ctx.deps.collections.findLive();
  return live !== null && live.collectionId === collectionId ? 'verified' : 'deployed';
}
