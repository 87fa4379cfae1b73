import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyTask, StudioError, type TaskProgress } from '@embedding-studio/contracts';
import { type Ctx, describeRollout, getTask } from '@embedding-studio/core';
import type { Progress } from '../terminal/progress.ts';
import { formatSeconds } from './format-duration.ts';

const pollMs = 1_000;
const sayMs = 5_000;

export interface Followed {
  ctx: Ctx;
  progress: Progress;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

/** Says what a rollout does until it rests; the state that it rests in. */
export async function followRollout({ ctx, progress, now }: Followed, rolloutId: string): Promise<string> {
  const say = createTeller(progress, now);
  let shown = '';
  for (;;) {
    const { rollout, steps, progress: work, gate, history } = await describeRollout({ ctx, input: { rolloutId } });
    if (rollout.state !== shown) progress.say(`${rollout.state}${shown === '' ? '' : `: ${reasonOf(history)}`}`);
    if (rollout.state !== shown && gate !== null && shown === 'trained') progress.detail(gate.words);
    shown = rollout.state;
    if (rollout.state === 'failed') throw new StudioError('INTERNAL', `The rollout failed: ${reasonOf(history)}`);
    if (work !== null) say(work, work.kind);
    if (!steps.some(({ status }) => status === 'running')) return rollout.state;
    await sleep(pollMs);
  }
}

/** The same for one task, until it is done. */
export async function followTask(
  { ctx, progress, now }: Followed,
  { taskId, what }: { taskId: string; what: string },
): Promise<AnyTask> {
  const say = createTeller(progress, now);
  for (;;) {
    const task = await getTask({ ctx, input: { taskId } });
    if (task.status === 'done') return task;
    if (task.status === 'failed' || task.status === 'refused' || task.status === 'canceled')
      throw new StudioError(
        'INTERNAL',
        `${what} ended ${task.status}: ${task.error?.message ?? 'no reason was given'}`,
      );
    if (task.progress !== null) say(task.progress, task.kind);
    await sleep(pollMs);
  }
}

const reasonOf = (history: readonly { detail: string }[]): string => history[0]?.detail || 'no reason was given';

/** Every few seconds, and only what has moved. */
function createTeller(progress: Progress, now: () => number) {
  let last = { text: '', at: Number.NEGATIVE_INFINITY };
  return (work: Omit<TaskProgress, 'note'> & { note?: string }, kind: string): void => {
    const text = describeProgress(work, kind);
    if (text === last.text || now() - last.at < sayMs) return;
    last = { text, at: now() };
    progress.detail(text);
  };
}

export function describeProgress(
  { done, total, note, secondsLeft }: Omit<TaskProgress, 'note'> & { note?: string },
  kind: string,
): string {
  const share = total > 0 ? ` (${Math.floor((100 * done) / total)} %)` : '';
  const left = secondsLeft === null ? '' : `, ${formatSeconds(secondsLeft)} left`;
  const what = note ? `, ${note}` : '';
  return `${kind.replace('_', '-')}: ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}${share}${left}${what}`;
}
