import type { Experiment } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { changeExperiment, ExperimentIdInput, requireMove } from './change-experiment.ts';

/** Ends it without a verdict: everybody gets the live search again. What was measured stays. */
export async function stopExperiment({ ctx, input }: { ctx: Ctx; input: ExperimentIdInput }): Promise<Experiment> {
  authorise(ctx, 'experiment.write');
  const { experimentId } = parseInput(ExperimentIdInput, input);
  const experiment = await ctx.deps.experiments.getExperiment(experimentId);
  if (experiment.state === 'stopped') return experiment;
  requireMove(experiment, 'stopped');
  return changeExperiment(ctx, {
    ...{ experiment, kind: 'stopped', words: 'Stopped: everybody gets the live search.' },
    change: { state: 'stopped', endedAt: ctx.deps.clock.now() },
  });
}
