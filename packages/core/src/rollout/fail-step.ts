import { type AnyTask, actorName, type ErrorCode, rolloutStep } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { pauseFailed } from './pause-failed.ts';
import { stepKey } from './step-key.ts';

/** A step that has ended without success fails its rollout, unless the rollout has meanwhile left that step. */
export async function failStep({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: { taskId: string; error: { code: ErrorCode; message: string } };
}): Promise<void> {
  authorise(ctx, 'rollout.write');
  const task = await ctx.deps.tasks.getTask(input.taskId);
  const rolloutId = rolloutIdOf(task);
  if (rolloutId === null) return;
  const rollout = await ctx.deps.rollouts.getRollout(rolloutId);
  if (rolloutStep[rollout.state] !== task.kind || stepKey(rollout, task.kind) !== task.idempotencyKey) return;
  const reason = `${task.kind} ended with ${input.error.code}: ${input.error.message}`;
  await ctx.deps.rollouts.advanceRollout({
    id: rolloutId,
    from: rollout.state,
    to: 'failed',
    actor: actorName(ctx.actor),
    reason,
  });
  await recordAudit(ctx, { action: 'rollout.fail', subject: rolloutId, detail: { state: rollout.state, reason } });
  await pauseFailed(ctx);
}

function rolloutIdOf(task: AnyTask): string | null {
  return 'rolloutId' in task.input ? task.input.rolloutId : null;
}
