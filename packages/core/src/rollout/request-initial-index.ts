import { type Rollout, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { requestNextStep } from './request-next-step.ts';

export const RequestInitialIndexInput = z.object({ modelId: z.string().min(1).max(128) });
export type RequestInitialIndexInput = z.input<typeof RequestInitialIndexInput>;

/** Starts the first index of a base model: a rollout with nothing to compare to, so it begins behind the gate. */
export async function requestInitialIndex({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RequestInitialIndexInput;
}): Promise<Rollout> {
  authorise(ctx, 'rollout.write');
  const { modelId } = parseInput(RequestInitialIndexInput, input);
  await ctx.deps.models.getModel(modelId);
  const id = derivedId('rol', `initial:${modelId}`);
  const live = await ctx.deps.collections.findLive();
  if (live !== null && (await ctx.deps.rollouts.findRolloutByCollection(live.collectionId))?.id !== id) {
    throw new StudioError('TASK_CONFLICT', `Collection ${live.collectionId} is already live.`, {
      publicMessage: 'An index is already live: request fine-tuning instead.',
    });
  }
  const { rollout, created } = await ctx.deps.rollouts.createRollout({
    id,
    state: 'gated',
    isInitial: true,
    baseModelId: null,
    modelId,
    sourceCollectionId: null,
    collectionId: null,
    batchId: null,
    gate: null,
    verification: null,
  });
  // Also when asked again: that may give a resting rollout its next task.
  await recordAudit(ctx, { action: 'index.request', subject: id, detail: { modelId, created } });
  await requestNextStep(ctx, rollout);
  return rollout;
}
