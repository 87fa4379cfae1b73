import type { Experiment, Readout } from '@embedding-studio/contracts';
import { authorise } from '../../authorise.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import {
  changeExperiment,
  type ExperimentIdInput,
  ExperimentIdInput as IdSchema,
  requireMove,
} from '../change-experiment.ts';
import { settleExperiment } from './settle-experiment.ts';

/**
 * Ends the experiment in favour of the control, by hand. The write of the experiment decides: from then on nobody is
 * given an arm. The workers repeat what follows from it until it is done.
 */
export async function rollBackExperiment({ ctx, input }: { ctx: Ctx; input: ExperimentIdInput }): Promise<Experiment> {
  authorise(ctx, 'experiment.write');
  authorise(ctx, 'rollout.write');
  const { experimentId } = parseInput(IdSchema, input);
  const experiment = await ctx.deps.experiments.getExperiment(experimentId);
  if (experiment.state === 'rolledBack') return settleExperiment(ctx, experiment);
  return endInFavourOfControl(ctx, { experiment, words: 'Rolled back by hand.' });
}

/** `readout`: what made it necessary. */
export async function endInFavourOfControl(
  ctx: Ctx,
  { experiment, words, readout }: { experiment: Experiment; words: string; readout?: Readout },
): Promise<Experiment> {
  requireMove(experiment, 'rolledBack');
  const why = readout === undefined ? {} : { reasons: readout.reasons, readoutId: readout.id };
  const ended = await changeExperiment(ctx, {
    ...{ experiment, kind: 'rolledBack', words, detail: why },
    change: { state: 'rolledBack', endedAt: ctx.deps.clock.now() },
  });
  return settleExperiment(ctx, ended);
}
