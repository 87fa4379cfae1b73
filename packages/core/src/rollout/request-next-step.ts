import {
  type AnyTask,
  type Rollout,
  rolloutStep,
  StudioError,
  type TaskInputs,
  type TaskKind,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { dispatchTask } from '../task/dispatch-task.ts';
import { stepKey } from './step-key.ts';

/** Makes sure that the task which carries the rollout out of its state exists; null where the rollout rests. */
export async function requestNextStep(ctx: Ctx, rollout: Rollout): Promise<AnyTask | null> {
  const kind = rolloutStep[rollout.state];
  if (kind === null || !isStep(kind)) return null;
  if (kind === 'switch' && rollout.switches === false) return null;
  if (rollout.waitsFor && !(await endWait(ctx, rollout, rollout.waitsFor))) return null;
  const idempotencyKey = stepKey(rollout, kind);
  const { task } =
    kind === 'fine_tuning'
      ? await ctx.deps.tasks.requestTask({ kind, idempotencyKey, input: await fineTuningInput(ctx, rollout) })
      : await ctx.deps.tasks.requestTask({ kind, idempotencyKey, input: { rolloutId: rollout.id } });
  await dispatchTask(ctx, task);
  return task;
}

const steps = ['fine_tuning', 'evaluation', 'deployment', 'reindex', 'verification', 'switch'] as const;
type Step = (typeof steps)[number];
const isStep = (kind: TaskKind): kind is Step => steps.some((step) => step === kind);

/** True once the other rollout rests; what serves by then is what this one will replace. */
async function endWait(ctx: Ctx, rollout: Rollout, otherId: string): Promise<boolean> {
  const other = await ctx.deps.rollouts.getRollout(otherId);
  if (isMoving(other)) return false;
  const live = await ctx.deps.collections.findLive();
  const change = { waitsFor: null, sourceCollectionId: live?.collectionId ?? null };
  await ctx.deps.rollouts.updateRollout(rollout.id, rollout.state, change);
  return true;
}

/** Has a step before it that nobody has to ask for. */
export function isMoving(rollout: Rollout): boolean {
  return rolloutStep[rollout.state] !== null && !(rollout.state === 'verified' && rollout.switches === false);
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
