import { type Experiment, ExperimentState } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { ExperimentIdInput } from './change-experiment.ts';

export const FindExperimentsInput = z.object({
  states: z.array(ExperimentState).max(5).optional(),
  after: z.string().max(64).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
});
export type FindExperimentsInput = z.input<typeof FindExperimentsInput>;

/** Newest first; `next` is what `after` takes for the next page, null at the end. */
export async function findExperiments({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: FindExperimentsInput;
}): Promise<{ rows: Experiment[]; next: string | null }> {
  authorise(ctx, 'experiment.read');
  const { states, after, limit } = parseInput(FindExperimentsInput, input);
  const found = await ctx.deps.experiments.listExperiments({ after, limit: limit + 1, states });
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

/** An experiment with how many units have seen each arm so far. */
export interface ExperimentStanding {
  experiment: Experiment;
  exposures: { arms: { arm: string; units: number }[]; multiple: number };
}

export async function getExperiment({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ExperimentIdInput;
}): Promise<ExperimentStanding> {
  authorise(ctx, 'experiment.read');
  const { experimentId } = parseInput(ExperimentIdInput, input);
  const experiment = await ctx.deps.experiments.getExperiment(experimentId);
  return { experiment, exposures: await ctx.deps.experiments.countExposures(experimentId) };
}
