/**
 * `step` as logged; `wall`: milliseconds since 1970; `relative`: seconds since the run started; `process`: seconds in
 * which the run was really running, without the time between its attempts.
 */
export const runAxes = ['step', 'wall', 'relative', 'process'] as const;
export type RunAxis = (typeof runAxes)[number];

export interface RunTimes {
  steps: ArrayLike<number>;
  /** Milliseconds since 1970, one per step. */
  times: ArrayLike<number>;
  startedAt: number;
  /** When each attempt after the first one began, ascending. */
  resumedAt: readonly number[];
}

export function placeOnAxis(run: RunTimes, axis: RunAxis): Float64Array {
  const { steps, times, startedAt } = run;
  if (axis === 'step') return Float64Array.from(steps);
  if (axis === 'wall') return Float64Array.from(times);
  if (axis === 'relative') return Float64Array.from(times, (time) => (time - startedAt) / 1_000);
  const idle = measureIdle(run);
  return Float64Array.from(times, (time) => {
    const gaps = idle.filter(({ until }) => time >= until).reduce((sum, { length }) => sum + length, 0);
    return (time - startedAt - gaps) / 1_000;
  });
}

/** From the last point of an attempt to the start of the next one nothing ran. */
function measureIdle({ times, startedAt, resumedAt }: RunTimes): { until: number; length: number }[] {
  return resumedAt.map((until) => {
    let last = startedAt;
    for (let at = 0; at < times.length; at++) {
      const time = times[at] ?? 0;
      if (time < until && time > last) last = time;
    }
    const earlier = resumedAt.filter((start) => start < until).at(-1) ?? startedAt;
    return { until, length: Math.max(0, until - Math.max(last, earlier)) };
  });
}
