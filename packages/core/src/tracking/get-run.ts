import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { type ExperimentView, showExperiment } from './list-experiments.ts';
import { RunId, type RunRow, showRun } from './list-runs.ts';

export const GetRunInput = z.object({ runId: RunId });
export type GetRunInput = z.input<typeof GetRunInput>;

export interface RunView extends RunRow {
  experiment: ExperimentView;
  artefacts: { path: string; bytes: number }[];
}

const artefactsMax = 200;

export async function getRun({ ctx, input }: { ctx: Ctx; input: GetRunInput }): Promise<RunView> {
  authorise(ctx, 'model.read');
  const { runId } = parseInput(GetRunInput, input);
  const run = await ctx.deps.tracker.getRun(runId);
  const [experiment, artefacts] = await Promise.all([
    ctx.deps.tracker.getExperiment(run.experimentId),
    ctx.deps.tracker.listArtefacts(runId),
  ]);
  const params = Object.fromEntries(Object.entries(run.params).map(([key, value]) => [key, value.slice(0, 2_000)]));
  return {
    ...showRun(run),
    params,
    experiment: showExperiment(experiment),
    artefacts: artefacts.slice(0, artefactsMax),
  };
}

export const CompareRunsInput = z.object({ runIds: z.array(RunId).min(1).max(20) });
export type CompareRunsInput = z.input<typeof CompareRunsInput>;

/** All params and last metrics of a few runs, in the order asked for; unknown ones are left out. */
export async function compareRuns({ ctx, input }: { ctx: Ctx; input: CompareRunsInput }): Promise<RunRow[]> {
  authorise(ctx, 'model.read');
  const { runIds } = parseInput(CompareRunsInput, input);
  const runs = await ctx.deps.tracker.findRuns(runIds);
  return runs.map((run) => showRun(run));
}
