import { type Rollout, StudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { isMoving, requestNextStep } from '../rollout/request-next-step.ts';
import { resolveLive } from '../search/resolve-live.ts';

/**
 * Puts what the live overlay has learned into vectors of a second collection, if the gate agrees: accepted, it goes
 * live with an empty overlay; rejected, nothing changes. The same version of an overlay is judged once.
 */
export async function requestFold({ ctx }: { ctx: Ctx }): Promise<Rollout> {
  authorise(ctx, 'rollout.write');
  const { collection } = await resolveLive(ctx);
  const state = await ctx.deps.improvement.findState(collection.id);
  if (state === null || state.version === 0) throw nothingLearned(collection.id);
  const id = derivedId('rol', `fold:${collection.id}:${state.version}`);
  const rollouts = await ctx.deps.rollouts.listRollouts({ offset: 0, limit: 1_000 });
  const other = rollouts.find((rollout) => isMoving(rollout) && rollout.id !== id);
  if (other !== undefined)
    throw new StudioError('TASK_CONFLICT', `Rollout ${other.id} is ${other.state}.`, {
      publicMessage: `Rollout ${other.id} is under way; wait for it.`,
    });
  const { rollout, created } = await ctx.deps.rollouts.createRollout({
    ...{ id, state: 'trained', isInitial: false, foldsOverlay: true, batchId: null, gate: null, verification: null },
    ...{ baseModelId: collection.modelId, modelId: collection.modelId },
    ...{ sourceCollectionId: collection.id, collectionId: null },
  });
  if (created) await recordAudit(ctx, { action: 'improvement.fold', subject: id, detail: { version: state.version } });
  await requestNextStep(ctx, rollout);
  return rollout;
}

function nothingLearned(collectionId: string): StudioError {
  const what = `the overlay of collection ${collectionId} is empty`;
  return new StudioError('TRAINING_EVIDENCE_MISSING', `Nothing to fold: ${what}.`, {
    publicMessage: `Nothing to fold: ${what}. Turn improvement on and let it learn from clicks first.`,
  });
}
