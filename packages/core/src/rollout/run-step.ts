import { actorName, type Rollout, type RolloutState } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import type { JobResult } from '../job-run.ts';
import { recordAudit } from '../record-audit.ts';
import { requestNextStep } from './request-next-step.ts';

export interface StepOutcome {
  to: RolloutState;
  reason: string;
  change?: Partial<Rollout>;
  result?: Record<string, unknown>;
}

/**
 * One arrow of the saga: effect (idempotent) → compare-and-swap of the state → the next step's task. A second
 * delivery finds the state moved on, makes sure that the next task exists, and ends.
 */
export async function runStep(
  ctx: Ctx,
  step: { rolloutId: string; from: RolloutState; act: (rollout: Rollout) => Promise<StepOutcome> },
): Promise<JobResult> {
  const rollout = await ctx.deps.rollouts.getRollout(step.rolloutId);
  if (rollout.state !== step.from) {
    await requestNextStep(ctx, rollout);
    return { result: { skipped: `The rollout is ${rollout.state} already.` } };
  }
  const outcome = await step.act(rollout);
  ctx.signal?.throwIfAborted();
  const moved = await ctx.deps.rollouts.advanceRollout({
    id: rollout.id,
    from: step.from,
    to: outcome.to,
    actor: actorName(ctx.actor),
    reason: outcome.reason,
    change: outcome.change,
  });
  await recordAudit(ctx, {
    action: 'rollout.advance',
    subject: rollout.id,
    detail: { from: step.from, to: outcome.to, reason: outcome.reason },
  });
  await requestNextStep(ctx, moved);
  return { result: { state: moved.state, ...outcome.result } };
}
