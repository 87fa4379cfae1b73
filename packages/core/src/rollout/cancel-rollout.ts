import { actorName, type Rollout, StudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type RolloutIdInput, RolloutIdInput as RolloutIdSchema } from './list-rollouts.ts';
import { pauseFailed } from './pause-failed.ts';
import { isMoving, requestNextStep } from './request-next-step.ts';

/** Stops a moving rollout: its step ends at the next checkpoint, what serves stays as it is. It can be retried. */
export async function cancelRollout({ ctx, input }: { ctx: Ctx; input: RolloutIdInput }): Promise<Rollout> {
  authorise(ctx, 'rollout.write');
  const { rolloutId } = parseInput(RolloutIdSchema, input);
  const rollout = await ctx.deps.rollouts.getRollout(rolloutId);
  if (!isMoving(rollout))
    throw new StudioError('TRANSITION_ILLEGAL', `Rollout ${rolloutId} is ${rollout.state}; there is nothing to stop.`, {
      field: 'rolloutId',
    });
  const step = rollout.waitsFor ? null : await requestNextStep(ctx, rollout);
  if (step !== null) await ctx.deps.tasks.cancelTask(step.id);
  const canceled = await ctx.deps.rollouts.advanceRollout({
    id: rolloutId,
    from: rollout.state,
    to: 'failed',
    actor: actorName(ctx.actor),
    reason: 'ABORTED: canceled on request.',
  });
  await recordAudit(ctx, { action: 'rollout.cancel', subject: rolloutId, detail: { state: rollout.state } });
  await pauseFailed(ctx);
  return canceled;
}
