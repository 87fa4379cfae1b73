import { measureImportance, type SettingImportance } from '@embedding-studio/stats';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { findJob, JobIdInput } from '../fine-tuning/find-job.ts';
import { parseInput } from '../parse-input.ts';
import { roundSignificant } from '../tracking/number-budget.ts';
import { listTrialRuns, type TrialRun } from './trial-runs.ts';

export const GetSettingsSearchInput = JobIdInput;

export interface TrialView extends Pick<TrialRun, 'runId' | 'trial' | 'rung' | 'status' | 'score' | 'seconds'> {
  /** What differs from the settings given, as text; empty for the first trial. */
  settings: Record<string, string | number>;
  isBest: boolean;
}

export interface SettingsSearchView {
  searchRunId: string;
  status: 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';
  secondsMax: number;
  seconds: number;
  /** By trial, then rung. */
  trials: TrialView[];
  /** Of the settings given, where they were tried. */
  baseline: number | null;
  best: TrialView | null;
  /** Over the longest training of each trial; empty below four. */
  importance: SettingImportance[];
}

const seed = 1;
const Mark = z.object({ searchRunId: z.string() });

/** The search behind a fine-tuning; null where its settings were trained as given, or it has not begun. */
export async function getSettingsSearch({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: z.input<typeof GetSettingsSearchInput>;
}): Promise<SettingsSearchView | null> {
  authorise(ctx, 'rollout.read');
  const { jobId } = parseInput(GetSettingsSearchInput, input);
  const { task } = await findJob(ctx, jobId);
  const mark = Mark.safeParse(task.checkpoint ?? task.result).data ?? Mark.safeParse(task.result).data;
  if (task.input.search === undefined || mark === undefined) return null;
  const { searchRunId } = mark;
  const run = await ctx.deps.tracker.getRun(searchRunId);
  const found = await listTrialRuns(ctx, { experimentId: run.experimentId, searchRunId });
  found.sort((left, right) => left.trial - right.trial || left.rung - right.rung);
  const best = pickBest(found);
  const trials = found.map((trial) => show(trial, best));
  const deepest = listDeepest(found);
  return {
    ...{ searchRunId, status: run.status, secondsMax: task.input.search.secondsMax, trials },
    seconds: Math.round(found.reduce((sum, { seconds }) => sum + seconds, 0)),
    baseline: deepest.find(({ trial }) => trial === 0)?.score ?? null,
    best: trials.find(({ isBest }) => isBest) ?? null,
    importance: measureImportance(
      deepest.flatMap(({ point, score, trial }) =>
        score === null || trial === 0 ? [] : [{ settings: flatten(point), score }],
      ),
      seed,
    ),
  };
}

function pickBest(found: readonly TrialRun[]): TrialRun | null {
  const scored = found.filter(({ score }) => score !== null);
  const highest = Math.max(...scored.map(({ rung }) => rung));
  const last = scored.filter(({ rung }) => rung === highest);
  return last.reduce<TrialRun | null>((best, one) => ((one.score ?? 0) > (best?.score ?? -1) ? one : best), null);
}

/** Each trial's training of the highest rung that it got through. */
function listDeepest(found: readonly TrialRun[]): TrialRun[] {
  const deepest = new Map<number, TrialRun>();
  for (const one of found) if (one.score !== null) deepest.set(one.trial, one);
  return [...deepest.values()];
}

function show(one: TrialRun, best: TrialRun | null): TrialView {
  const { runId, trial, rung, status, score, seconds, point } = one;
  return {
    ...{ runId, trial, rung, status, settings: flatten(point), isBest: one === best },
    score: score === null ? null : roundSignificant(score),
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** Objects are named by their kind: what they hold besides follows from it in the usual ranges. */
function flatten(point: Record<string, unknown>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(point).map(([name, value]) => {
      if (typeof value === 'number') return [name, value];
      const kind = z.object({ kind: z.string() }).safeParse(value).data?.kind;
      return [name, kind ?? (typeof value === 'string' ? value : JSON.stringify(value))];
    }),
  );
}
