import type { AnyTask, ItemFailure, Rollout, TaskAttempt, TaskSummary } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { watch } from '../watch.ts';
import { TaskIdInput } from './get-task.ts';

/** JSON, cut so that the answer stays small. */
export interface ClippedJson {
  text: string;
  /** Characters of the whole. */
  length: number;
}

/** An attempt in the history; one without an end died with its worker or runs still. */
export interface AttemptView extends Omit<TaskAttempt, 'endedAt' | 'outcome'> {
  endedAt: Date | null;
  outcome: TaskAttempt['outcome'] | 'lost' | 'running';
}

export interface TaskDetail {
  task: Omit<AnyTask, 'input' | 'checkpoint' | 'result' | 'failures' | 'attempts'>;
  input: ClippedJson;
  checkpoint: ClippedJson | null;
  result: ClippedJson | null;
  /** The first hundred. */
  failures: ItemFailure[];
  failuresCount: number;
  /** Newest first. */
  attempts: AttemptView[];
  /** The rollout that the task is a step of, with all tasks of it, oldest first. */
  flow: { rollout: Pick<Rollout, 'id' | 'state' | 'modelId' | 'createdAt'>; tasks: TaskSummary[] } | null;
}

const textMax = 40_000;
const failuresMax = 100;
const flowMax = 100;
/** As many as a task remembers; what is older is gone, not lost. */
const attemptsKept = 20;

/** Everything about one job: payload, attempts with their errors, result, and what it belongs to. */
export async function describeTask({ ctx, input }: { ctx: Ctx; input: TaskIdInput }): Promise<TaskDetail> {
  authorise(ctx, 'task.read');
  const { taskId } = parseInput(TaskIdInput, input);
  const found = await ctx.deps.tasks.getTask(taskId);
  const { input: payload, checkpoint, result, failures, attempts: _ended, ...task } = found;
  return {
    task,
    input: clip(payload),
    checkpoint: checkpoint === null ? null : clip(checkpoint),
    result: result === null ? null : clip(result),
    failures: failures.slice(0, failuresMax),
    failuresCount: failures.length,
    attempts: listAttempts(found),
    flow: await findFlow(ctx, found),
  };
}

/** The job as it moves, until it has ended. */
export async function* watchTask({ ctx, input }: { ctx: Ctx; input: TaskIdInput }): AsyncGenerator<TaskDetail> {
  authorise(ctx, 'task.read');
  const isOver = ({ task }: TaskDetail) => !['pending', 'processing'].includes(task.status);
  yield* watch(ctx, { everyMs: 1_000, read: () => describeTask({ ctx, input }), isOver });
}

function clip(value: unknown): ClippedJson {
  const text = JSON.stringify(value, null, 2);
  return { text: text.slice(0, textMax), length: text.length };
}

/** Attempts whose end nobody could write stand between the others. */
function listAttempts(task: AnyTask): AttemptView[] {
  const ended = new Map(task.attempts.map((attempt) => [attempt.attempt, attempt]));
  const first = task.attempts.length < attemptsKept ? 1 : (task.attempts[0]?.attempt ?? 1);
  const views: AttemptView[] = [];
  for (let attempt = task.attempt; attempt >= first; attempt--) {
    const isRunning = attempt === task.attempt && task.status === 'processing';
    const unknown = { attempt, workerId: null, startedAt: null, endedAt: null, outcome: 'lost' as const, error: null };
    const running = { ...unknown, workerId: task.workerId, startedAt: task.startedAt, outcome: 'running' as const };
    views.push(ended.get(attempt) ?? (isRunning ? running : unknown));
  }
  return views;
}

async function findFlow(ctx: Ctx, { input }: AnyTask): Promise<TaskDetail['flow']> {
  const rolloutId = 'rolloutId' in input ? input.rolloutId : null;
  if (rolloutId === null) return null;
  const { id, state, modelId, createdAt } = await ctx.deps.rollouts.getRollout(rolloutId);
  const query = { filter: { subjects: [rolloutId] }, before: null, limit: flowMax };
  const tasks = await ctx.deps.taskSearch.findTasks(query);
  return { rollout: { id, state, modelId, createdAt }, tasks: tasks.reverse() };
}
