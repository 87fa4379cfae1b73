import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

/** Milliseconds to wait so that `done` items since the start do not exceed the rate. */
export function waitMs(pace: { done: number; perSecond: number | null; elapsedMs: number }): number {
  if (pace.perSecond === null) return 0;
  return Math.max(0, (pace.done / pace.perSecond) * 1_000 - pace.elapsedMs);
}

export interface Pace {
  /** Waits until what is done by now fits the rate. Call it after each batch. */
  hold(done: number): Promise<void>;
  /** At most so many items as two seconds allow, so that a slow job still moves in small steps. */
  batch(most: number): number;
}

/** A rate that an operator changes is followed within this time. */
const lookMs = 1_000;
const batchMin = 8;

/** Holds a job back to the items per second that its task says, else to `standard`; the task may change while it runs. */
export function startPace(
  ctx: Ctx,
  options: { task: Pick<Task, 'id' | 'itemsPerSecond'>; standard: number | null },
): Pace {
  const { clock, tasks } = ctx.deps;
  const { task, standard } = options;
  const now = () => clock.now().getTime();
  const rateOf = (set: number | null | undefined): number | null => (set === undefined ? standard : set);
  let perSecond = rateOf(task.itemsPerSecond);
  let window = { at: now(), done: 0 };
  return {
    async hold(done) {
      for (;;) {
        const rate = rateOf(await tasks.findRate(task.id));
        // What was done at the old rate is neither owed nor saved up.
        if (rate !== perSecond) window = { at: now(), done };
        perSecond = rate;
        const ms = waitMs({ done: done - window.done, perSecond, elapsedMs: now() - window.at });
        if (ms <= 0) return;
        await sleep(Math.min(ms, lookMs), undefined, { signal: ctx.signal });
      }
    },
    batch: (most) => (perSecond === null ? most : Math.min(most, Math.max(batchMin, Math.round(perSecond * 2)))),
  };
}
