import type { LivePointer, Rollout } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

/** Plans the removal of a replaced collection; one plan per switch of the pointer. */
export async function requestRetirement(ctx: Ctx, options: { rollout: Rollout; pointer: LivePointer }): Promise<void> {
  const { rollout, pointer } = options;
  if (rollout.collectionId === null) return;
  const { task } = await ctx.deps.tasks.requestTask({
    kind: 'retirement',
    idempotencyKey: `${rollout.collectionId}:retirement:${pointer.version}`,
    input: { collectionId: rollout.collectionId },
    notBefore: new Date(pointer.switchedAt.getTime() + ctx.deps.settings.standbyHours * 3_600_000),
  });
  await dispatchTask(ctx, task);
}
