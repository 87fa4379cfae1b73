import { StudioError, TrainingPolicy } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { getTrainingPolicy, type TrainingPolicyView } from './get-training-policy.ts';
import { readTrainingPolicy } from './training-policy.ts';

export const UpdateTrainingPolicyInput = TrainingPolicy.partial();
export type UpdateTrainingPolicyInput = z.input<typeof UpdateTrainingPolicyInput>;

/** What is not given stays as it is. Settings that the method refuses are refused here, not when a training is due. */
export async function updateTrainingPolicy({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateTrainingPolicyInput;
}): Promise<TrainingPolicyView> {
  authorise(ctx, 'rollout.write');
  const change = parseInput(UpdateTrainingPolicyInput, input);
  const { policy: before } = await readTrainingPolicy(ctx);
  const after = { ...before, ...change };
  if (change.isEnabled !== false) checkMethod(ctx, after);
  await ctx.deps.policies.putPolicy('training', after);
  await recordAudit(ctx, { action: 'training-policy.update', subject: 'training', detail: { before, after } });
  return getTrainingPolicy({ ctx });
}

function checkMethod(ctx: Ctx, { method: name, settings }: TrainingPolicy): void {
  const method = ctx.deps.methods[name];
  if (method === undefined)
    throw new StudioError(
      'INPUT_INVALID',
      `method: ${name} is unknown; there are: ${Object.keys(ctx.deps.methods).join(', ')}.`,
      { field: 'method' },
    );
  method.parseSettings(settings);
}
