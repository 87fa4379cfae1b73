import {
  type Rollout,
  type RolloutState,
  rolloutStep,
  type TaskKind,
  type TaskSummary,
} from '@embedding-studio/contracts';
import { isMoving } from './request-next-step.ts';

export interface StepView {
  kind: TaskKind;
  from: RolloutState;
  to: RolloutState;
  status: 'done' | 'running' | 'waiting' | 'failed' | 'rejected' | 'skipped';
  startedAt: Date | null;
  endedAt: Date | null;
  /** What the step said when it ended. */
  reason: string | null;
  task: Pick<TaskSummary, 'id' | 'status' | 'attempt' | 'attemptsMax' | 'progress' | 'error'> | null;
}

const path: readonly RolloutState[] = ['requested', 'trained', 'gated', 'deployed', 'indexing', 'verified', 'live'];

/** The saga as a line of steps, each with its times; `tasks` are those of the rollout, newest first. */
export function listSteps(rollout: Rollout, tasks: readonly TaskSummary[]): StepView[] {
  const first = path.indexOf(rollout.transitions[0]?.from ?? rollout.state);
  return path.slice(0, -1).flatMap((from, at) => {
    const kind = rolloutStep[from];
    const to = path[at + 1];
    if (kind === null || to === undefined) return [];
    const task = tasks.find((one) => one.kind === kind) ?? null;
    const ended = rollout.transitions.findLast((move) => move.from === from);
    const startedAt =
      at === first ? rollout.createdAt : (rollout.transitions.find((move) => move.to === from)?.at ?? null);
    const status = at < first ? 'skipped' : statusOf(rollout, { from, endedTo: ended?.to });
    const isOver = status === 'done' || status === 'failed' || status === 'rejected';
    const times = { startedAt, endedAt: isOver ? (ended?.at ?? null) : null };
    return [{ kind, from, to, status, ...times, reason: isOver ? (ended?.reason ?? null) : null, task: pick(task) }];
  });
}

function statusOf(
  rollout: Rollout,
  step: { from: RolloutState; endedTo: RolloutState | undefined },
): StepView['status'] {
  if (rollout.state === step.from) return isMoving(rollout) && !rollout.waitsFor ? 'running' : 'waiting';
  const isLast = rollout.transitions.at(-1)?.from === step.from;
  if (rollout.state === 'failed' && isLast) return 'failed';
  if (step.endedTo === 'rejected') return 'rejected';
  return step.endedTo === undefined || step.endedTo === 'failed' ? 'waiting' : 'done';
}

function pick(task: TaskSummary | null): StepView['task'] {
  if (task === null) return null;
  const { id, status, attempt, attemptsMax, progress, error } = task;
  return { id, status, attempt, attemptsMax, progress, error };
}
