import { type Rollout, type RolloutState, rolloutStep } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { failStep } from './fail-step.ts';
import { requestNextStep } from './request-next-step.ts';
import { settleLivePointer } from './settle-live-pointer.ts';

const moving = (Object.keys(rolloutStep) as RolloutState[]).filter((state) => rolloutStep[state] !== null);

/** The sweeper's part: gives every moving rollout its task, fails those whose task has failed, follows the live pointer. */
export async function reconcileRollouts({ ctx }: { ctx: Ctx }): Promise<void> {
  authorise(ctx, 'rollout.write');
  for (const state of moving) {
    const rollouts = await ctx.deps.rollouts.listRollouts({ offset: 0, limit: 100, state });
    for (const rollout of rollouts) await reconcileRollout(ctx, rollout);
  }
  await settleLivePointer(ctx);
}

async function reconcileRollout(ctx: Ctx, rollout: Rollout): Promise<void> {
  const task = await requestNextStep(ctx, rollout);
  if (task === null || task.error === null) return;
  if (task.status === 'failed' || task.status === 'refused' || task.status === 'canceled')
    await failStep({ ctx, input: { taskId: task.id, error: task.error } });
}
