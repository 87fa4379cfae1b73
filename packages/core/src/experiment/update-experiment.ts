import { type Experiment, ExperimentDefinition, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { changeExperiment, experimentId } from './change-experiment.ts';
import { checkDefinition } from './check-definition.ts';

export const UpdateExperimentInput = z.object({
  experimentId,
  /** What is not given stays. */
  change: z.record(z.string(), z.unknown()),
});
export type UpdateExperimentInput = z.input<typeof UpdateExperimentInput>;

/** While it runs, anything else would compare units that were treated differently under one name. */
const changeableWhileRunning: readonly string[] = ['name', 'hypothesis', 'traffic'];

/** A draft changes freely; one that runs changes its name, hypothesis and traffic. Every change makes a new version. */
export async function updateExperiment({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateExperimentInput;
}): Promise<Experiment> {
  authorise(ctx, 'experiment.write');
  const given = parseInput(UpdateExperimentInput, input);
  const experiment = await ctx.deps.experiments.getExperiment(given.experimentId);
  const { state, definition: before, version } = experiment;
  const names = Object.keys(given.change);
  if (state !== 'draft' && state !== 'running') refuse('change', `an experiment that is ${state} no longer changes`);
  const unknown = names.find((name) => !(name in ExperimentDefinition.shape));
  if (unknown !== undefined) refuse(`change.${unknown}`, 'is no part of an experiment');
  const fixed = names.find((name) => state === 'running' && !changeableWhileRunning.includes(name));
  if (fixed !== undefined)
    refuse(`change.${fixed}`, 'cannot change while the experiment runs; stop it and start a copy');
  if (before.kind === 'canary' && state === 'running' && names.includes('traffic'))
    refuse('change.traffic', 'the traffic of a canary follows its steps');
  const merged = { ...before, ...given.change };
  const definition = state === 'running' ? parseInput(ExperimentDefinition, merged) : checkDefinition(merged);
  const moves = definition.traffic !== before.traffic;
  return changeExperiment(ctx, {
    experiment,
    change: { definition, version: version + 1, ...(moves && { stepAt: ctx.deps.clock.now() }) },
    kind: moves && state === 'running' ? 'traffic' : 'edited',
    words:
      moves && state === 'running' ? `Traffic is ${percent(definition.traffic)} now.` : `Changed: ${names.join(', ')}.`,
    detail: { change: given.change },
  });
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

function refuse(field: string, words: string): never {
  throw new StudioError('INPUT_INVALID', `${field}: ${words}.`, { field });
}
