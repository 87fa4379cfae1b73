import { actorName, type Rollout, StudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type RolloutIdInput, RolloutIdInput as RolloutIdSchema } from './list-rollouts.ts';
import { requestNextStep } from './request-next-step.ts';

/** Takes a failed rollout back to the state it failed in and tries the step again. */
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
  const rollout = await ctx.deps.rollouts.advanceRollout({
    id: rolloutId,
    from: 'failed',
    to: from,
    actor: actorName(ctx.actor),
    reason: 'Retried.',
  });
  await recordAudit(ctx, { action: 'rollout.retry', subject: rolloutId, detail: { state: from } });
  await requestNextStep(ctx, rollout);
  return rollout;
}
