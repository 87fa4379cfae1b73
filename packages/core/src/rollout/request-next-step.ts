import { type AnyTask, type Rollout, rolloutStep, StudioError, type TaskInputs } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { dispatchTask } from '../task/dispatch-task.ts';
import { stepKey } from './step-key.ts';

/** Makes sure that the task which carries the rollout out of its state exists; null where the rollout rests. */
export async function requestNextStep(ctx: Ctx, rollout: Rollout): Promise<AnyTask | null> {
  const kind = rolloutStep[rollout.state];
  if (kind === null || kind === 'upsertion' || kind === 'retirement') return null;
  const idempotencyKey = stepKey(rollout, kind);
  const { task } =
    kind === 'fine_tuning'
      ? await ctx.deps.tasks.requestTask({ kind, idempotencyKey, input: await fineTuningInput(ctx, rollout) })
      : await ctx.deps.tasks.requestTask({ kind, idempotencyKey, input: { rolloutId: rollout.id } });
  await dispatchTask(ctx, task);
  return task;
}

/** A retried training asks for the same as the first one did. */
async function fineTuningInput(ctx: Ctx, rollout: Rollout): Promise<TaskInputs['fine_tuning']> {
  const first = await findFirstRequest(ctx, rollout.id);
  if (first !== null) return first;
  throw new StudioError('TASK_NOT_FOUND', `The fine-tuning request of ${rollout.id} is missing.`);
}

async function findFirstRequest(ctx: Ctx, rolloutId: string): Promise<TaskInputs['fine_tuning'] | null> {
  for (let offset = 0; ; offset += 100) {
    const tasks = await ctx.deps.tasks.listTasks({ kind: 'fine_tuning', offset, limit: 100 });
    const found = tasks.find((task) => task.kind === 'fine_tuning' && task.input.rolloutId === rolloutId);
    if (found?.kind === 'fine_tuning') return found.input;
    if (tasks.length < 100) return null;
  }
}
