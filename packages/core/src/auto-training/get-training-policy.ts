import type { TrainingPolicy, TrainingWatch } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { defaultTrainingPolicy, readTrainingPolicy, readTrainingWatch } from './training-policy.ts';

export interface TrainingPolicyView {
  policy: TrainingPolicy;
  defaults: TrainingPolicy;
  /** null: nobody has decided. */
  updatedAt: Date | null;
  /** null: no worker has looked yet. */
  watch: TrainingWatch | null;
}

/** When training starts by itself, and what the workers saw when they last looked. */
export async function getTrainingPolicy({ ctx }: { ctx: Ctx }): Promise<TrainingPolicyView> {
  authorise(ctx, 'policy.read');
  const [stored, watch] = await Promise.all([readTrainingPolicy(ctx), readTrainingWatch(ctx)]);
  return { ...stored, defaults: defaultTrainingPolicy, watch };
}
