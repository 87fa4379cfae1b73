import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@embedding-studio/contracts';

/** Milliseconds to wait so that `done` items since the start do not exceed the rate. */
export function waitMs(pace: { done: number; perSecond: number | null; elapsedMs: number }): number {
  if (pace.perSecond === null) return 0;
  return Math.max(0, (pace.done / pace.perSecond) * 1_000 - pace.elapsedMs);
}

/** Holds a job back to so many items per second; null lets it run. Call it after each batch with what is done by now. */
export function startPace(options: {
  clock: Clock;
  perSecond: number | null;
  signal?: AbortSignal;
}): (done: number) => Promise<void> {
  const started = options.clock.now().getTime();
  return async (done) => {
    const elapsedMs = options.clock.now().getTime() - started;
    const ms = waitMs({ done, perSecond: options.perSecond, elapsedMs });
    if (ms > 0) await sleep(ms, undefined, { signal: options.signal });
  };
}
