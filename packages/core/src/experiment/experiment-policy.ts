import { defaultExperimentPolicy, ExperimentPolicy } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { forgetRunning } from './running-experiments.ts';

export interface ExperimentPolicyView {
  policy: ExperimentPolicy;
  defaults: ExperimentPolicy;
  /** null: nobody has decided. */
  updatedAt: Date | null;
}

/** Who no experiment touches, and how often the workers read out. */
export async function getExperimentPolicy({ ctx }: { ctx: Ctx }): Promise<ExperimentPolicyView> {
  authorise(ctx, 'policy.read');
  const stored = await ctx.deps.policies.findPolicy('experiments');
  return {
    policy: { ...defaultExperimentPolicy, ...stored?.value },
    defaults: defaultExperimentPolicy,
    updatedAt: stored?.updatedAt ?? null,
  };
}

export const UpdateExperimentPolicyInput = ExperimentPolicy.partial();
export type UpdateExperimentPolicyInput = z.input<typeof UpdateExperimentPolicyInput>;

/** What is not given stays as it is. A larger holdout takes units out of running experiments, within about a second. */
export async function updateExperimentPolicy({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateExperimentPolicyInput;
}): Promise<ExperimentPolicyView> {
  authorise(ctx, 'experiment.write');
  const change = parseInput(UpdateExperimentPolicyInput, input);
  const { policy: before } = await getExperimentPolicy({ ctx });
  const after = { ...before, ...change };
  await ctx.deps.policies.putPolicy('experiments', after);
  forgetRunning(ctx);
  await recordAudit(ctx, { action: 'experiment-policy.update', subject: 'experiments', detail: { before, after } });
  return getExperimentPolicy({ ctx });
}
