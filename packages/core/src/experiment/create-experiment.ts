import { actorName, type Experiment, type NewExperiment, newId } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { checkDefinition } from './check-definition.ts';

export type CreateExperimentInput = NewExperiment;

/** A draft: nobody sees it before it is started. */
export async function createExperiment({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CreateExperimentInput;
}): Promise<Experiment> {
  authorise(ctx, 'experiment.write');
  const definition = checkDefinition(input);
  const now = ctx.deps.clock.now();
  const experiment: Experiment = {
    id: newId('experiment'),
    definition,
    state: 'draft',
    version: 1,
    revision: 1,
    salt: newId('experiment'),
    buckets: null,
    step: null,
    stepAt: null,
    collections: {},
    timeline: [{ at: now, actor: actorName(ctx.actor), kind: 'created', words: 'Created.' }],
    createdAt: now,
    startedAt: null,
    endedAt: null,
    shippedArm: null,
  };
  await ctx.deps.experiments.createExperiment(experiment);
  await recordAudit(ctx, { action: 'experiment.create', subject: experiment.id, detail: { definition } });
  return experiment;
}
