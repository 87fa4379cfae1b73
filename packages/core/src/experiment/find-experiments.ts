import { type Experiment, type ExperimentKind, ExperimentState, type Readout } from '@embedding-studio/contracts';
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

/** What a list says of an experiment; the timeline and the treatments stay with the whole one. */
export interface ExperimentSummary {
  id: string;
  name: string;
  kind: ExperimentKind;
  state: ExperimentState;
  layer: string;
  /** Share of its units that take part now. */
  traffic: number;
  arms: { name: string; weight: number }[];
  /** That took part so far, those of several arms with them; null before it ran. */
  units: number | null;
  /** The newest read-out; null before the first. */
  readout: Pick<Readout, 'id' | 'verdict' | 'arm' | 'createdAt'> | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  shippedArm: string | null;
}

/** Newest first; `next` is what `after` takes for the next page, null at the end. */
export async function findExperiments({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: FindExperimentsInput;
}): Promise<{ rows: ExperimentSummary[]; next: string | null }> {
  authorise(ctx, 'experiment.read');
  const { states, after, limit } = parseInput(FindExperimentsInput, input);
  const found = await ctx.deps.experiments.listExperiments({ after, limit: limit + 1, states });
  const rows = found.slice(0, limit);
  return {
    rows: await Promise.all(rows.map((experiment) => summarise(ctx, experiment))),
    next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
  };
}

async function summarise(ctx: Ctx, experiment: Experiment): Promise<ExperimentSummary> {
  const { id, definition, state, createdAt, startedAt, endedAt, shippedArm } = experiment;
  const { name, kind, layer, traffic, arms } = definition;
  const hasRun = startedAt !== null;
  const [exposures, readout] = hasRun
    ? await Promise.all([ctx.deps.experiments.countExposures(id), ctx.deps.experiments.findNewestReadout(id)])
    : [null, null];
  return {
    ...{ id, name, kind, state, layer, traffic, createdAt, startedAt, endedAt, shippedArm },
    arms: arms.map((arm) => ({ name: arm.name, weight: arm.weight })),
    units: exposures === null ? null : exposures.arms.reduce((sum, { units }) => sum + units, exposures.multiple),
    readout: readout && {
      ...{ id: readout.id, verdict: readout.verdict, arm: readout.arm, createdAt: readout.createdAt },
    },
  };
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
