import type { TrainingPolicy, TrainingWatch } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

export const defaultTrainingPolicy: TrainingPolicy = {
  isEnabled: false,
  mode: 'propose',
  sessionsMin: 1_000,
  queriesMin: 200,
  hoursBetween: 24,
  method: 'contrastive',
  settings: {},
};

export async function readTrainingPolicy(ctx: Ctx): Promise<{ policy: TrainingPolicy; updatedAt: Date | null }> {
  const stored = await ctx.deps.policies.findPolicy('training');
  return { policy: { ...defaultTrainingPolicy, ...stored?.value }, updatedAt: stored?.updatedAt ?? null };
}

export async function readTrainingWatch(ctx: Ctx): Promise<TrainingWatch | null> {
  return (await ctx.deps.policies.findPolicy('trainingWatch'))?.value ?? null;
}
