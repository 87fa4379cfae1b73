import type { Rollout } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { failStep } from './fail-step.ts';
import { listMoving } from './list-moving.ts';
import { pauseFailed } from './pause-failed.ts';
import { requestNextStep } from './request-next-step.ts';
import { settleLivePointer } from './settle-live-pointer.ts';

/** The sweeper's part: gives every moving rollout its task, fails those whose task has failed, follows the live pointer, stops writes to what has failed. */
export async function reconcileRollouts({ ctx }: { ctx: Ctx }): Promise<void> {
  authorise(ctx, 'rollout.write');
  for (const rollout of await listMoving(ctx)) await reconcileRollout(ctx, rollout);
  await settleLivePointer(ctx);
  await pauseFailed(ctx);
}

async function reconcileRollout(ctx: Ctx, rollout: Rollout): Promise<void> {
  const task = await requestNextStep(ctx, rollout);
  if (task === null || task.error === null) return;
  if (task.status === 'failed' || task.status === 'refused' || task.status === 'canceled')
    await failStep({ ctx, input: { taskId: task.id, error: task.error } });
}
