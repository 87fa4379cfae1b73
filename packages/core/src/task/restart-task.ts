import { type AnyTask, rolloutStep } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { requestNextStep } from '../rollout/request-next-step.ts';
import { retryRollout } from '../rollout/retry-rollout.ts';
import { dispatchTask } from './dispatch-task.ts';
import { TaskIdInput } from './get-task.ts';

/**
 * Runs a failed, refused or canceled task again from its checkpoint. A step whose rollout it has failed is retried with
 * the rollout: by a new task, which is returned.
 */
export async function restartTask({ ctx, input }: { ctx: Ctx; input: TaskIdInput }): Promise<AnyTask> {
  authorise(ctx, 'task.write');
  const { taskId } = parseInput(TaskIdInput, input);
  const { task, isStep } = await restartAny(ctx, taskId);
  if (!isStep) await recordAudit(ctx, { action: 'task.restart', subject: taskId });
  await dispatchTask(ctx, task);
  return task;
}

/** As restartTask, for those who have the right and tell the audit log themselves; a step is told of there already. */
export async function restartAny(ctx: Ctx, taskId: string): Promise<{ task: AnyTask; isStep: boolean }> {
  const step = await retryStep(ctx, taskId);
  if (step !== null) return { task: step, isStep: true };
  return { task: await ctx.deps.tasks.restartTask(taskId), isStep: false };
}

async function retryStep(ctx: Ctx, taskId: string): Promise<AnyTask | null> {
  const { input, kind, status } = await ctx.deps.tasks.getTask(taskId);
  if (!('rolloutId' in input) || input.rolloutId === null || status === 'done') return null;
  const rollout = await ctx.deps.rollouts.getRollout(input.rolloutId);
  const from = rollout.transitions.at(-1)?.from;
  if (rollout.state !== 'failed' || from === undefined || rolloutStep[from] !== kind) return null;
  return requestNextStep(ctx, await retryRollout({ ctx, input: { rolloutId: rollout.id } }));
}
