import type { MetricSeries, TrackedRun } from '@embedding-studio/contracts';
import { downSample, placeOnAxis, type RunAxis, runAxes } from '@embedding-studio/stats';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { RunId } from './list-runs.ts';
import { pointsPerAnswer, pointsPerCurve, roundSignificant } from './number-budget.ts';

export const GetCurvesInput = z.object({
  runIds: z.array(RunId).min(1).max(500),
  metric: z.string().min(1).max(250),
  axis: z.enum(runAxes).default('step'),
  /** Of one curve; many runs share what one answer may hold. */
  pointsMax: z.number().int().min(4).max(pointsPerCurve).default(pointsPerCurve),
});
export type GetCurvesInput = z.input<typeof GetCurvesInput>;

export interface Curves {
  axis: RunAxis;
  /** Milliseconds since 1970 at x = 0 of the axis `wall`; 0 otherwise. x is in steps or in seconds. */
  origin: number;
  /** Most points of one curve; what had more keeps the least and greatest of every stretch. */
  pointsEach: number;
  curves: { runId: string; points: number; x: number[]; y: number[] }[];
}

export const attemptsTag = 'studio.attempts';

/** One metric of many runs, down-sampled to what one answer may hold. Runs without the metric are left out. */
export async function getCurves({ ctx, input }: { ctx: Ctx; input: GetCurvesInput }): Promise<Curves> {
  authorise(ctx, 'model.read');
  const { metric, axis, pointsMax, ...request } = parseInput(GetCurvesInput, input);
  const runIds = [...new Set(request.runIds)];
  const [series, runs] = await Promise.all([
    ctx.deps.tracker.listSeries({ runIds, keys: [metric] }),
    axis === 'step' || axis === 'wall' ? [] : ctx.deps.tracker.findRuns(runIds),
  ]);
  const runOf = new Map(runs.map((run) => [run.runId, run]));
  const origin =
    axis === 'wall' ? series.reduce((least, { times }) => Math.min(least, times[0] ?? least), Infinity) : 0;
  const pointsEach = Math.max(4, Math.min(pointsMax, Math.floor(pointsPerAnswer / Math.max(1, series.length))));
  const curves = series.map((one) => sampleCurve(one, { axis, origin, pointsEach, run: runOf.get(one.runId) }));
  return { axis, origin: Number.isFinite(origin) ? origin : 0, pointsEach, curves };
}

function sampleCurve(
  series: MetricSeries,
  options: { axis: RunAxis; origin: number; pointsEach: number; run: TrackedRun | undefined },
): Curves['curves'][number] {
  const { axis, origin, run } = options;
  const { steps, values, times } = series;
  const startedAt = run?.startedAt.getTime() ?? times[0] ?? 0;
  const x = placeOnAxis({ steps, times, startedAt, resumedAt: run === undefined ? [] : readAttempts(run) }, axis);
  const kept = downSample({ x, y: values }, options.pointsEach);
  const place = (at: number) => x[at] ?? 0;
  return {
    runId: series.runId,
    points: steps.length,
    x: kept.map((at) => {
      if (axis === 'step') return place(at);
      const seconds = axis === 'wall' ? (place(at) - origin) / 1_000 : place(at);
      return Math.round(seconds * 10) / 10;
    }),
    y: kept.map((at) => roundSignificant(values[at] ?? 0)),
  };
}

/** When attempts after the first began, milliseconds since 1970. */
export function readAttempts({ tags }: Pick<TrackedRun, 'tags'>): number[] {
  const text = tags[attemptsTag];
  if (text === undefined) return [];
  return text
    .split(',')
    .map(Number)
    .filter((time) => Number.isFinite(time) && time > 0)
    .slice(1);
}
