import { isStudioError, newId, type Rollout, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { getCollectionOf } from '../collection/find-collection-of.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { isMoving, requestNextStep } from './request-next-step.ts';

export const RequestReindexInput = z.object({
  /** Client-chosen: the same id returns the same reindex. */
  id: z.string().min(1).max(128).optional(),
  /** Its collection shows which items there are. */
  sourceModelId: z.string().min(1).max(128),
  destModelId: z.string().min(1).max(128),
  /** Go live once verified; false: rest there until somebody sets it live. */
  deploy: z.boolean().default(true),
  /** Start when the other rollout rests, in place of a refusal. */
  waitOnConflict: z.boolean().default(false),
});
export type RequestReindexInput = z.input<typeof RequestReindexInput>;
type Request = z.output<typeof RequestReindexInput>;

/** All items into the collection of another model, without a gate: an operator's own decision. TASK_CONFLICT beside another rollout. */
export async function requestReindex({ ctx, input }: { ctx: Ctx; input: RequestReindexInput }): Promise<Rollout> {
  authorise(ctx, 'rollout.write');
  const request = parseInput(RequestReindexInput, input);
  const id = request.id ?? newId('rollout');
  const known = request.id === undefined ? null : await findRollout(ctx, id);
  if (known !== null) return known;
  const source = await checkModels(ctx, request);
  const live = await ctx.deps.collections.findLive();
  const { rollout, created } = await ctx.deps.rollouts.createRollout({
    ...{ id, state: 'gated', isInitial: true, baseModelId: null, batchId: null, gate: null, verification: null },
    ...{ modelId: request.destModelId, collectionId: null, sourceCollectionId: live?.collectionId ?? source.id },
    ...{ switches: request.deploy, waitsFor: await findConflict(ctx, request) },
  });
  if (created) {
    const { sourceModelId, destModelId, deploy } = request;
    await recordAudit(ctx, { action: 'reindex.request', subject: id, detail: { sourceModelId, destModelId, deploy } });
  }
  await requestNextStep(ctx, rollout);
  return rollout;
}

async function findRollout(ctx: Ctx, id: string): Promise<Rollout | null> {
  try {
    return await ctx.deps.rollouts.getRollout(id);
  } catch (error) {
    if (isStudioError(error) && error.code === 'ROLLOUT_NOT_FOUND') return null;
    throw error;
  }
}

async function checkModels(ctx: Ctx, { sourceModelId, destModelId }: Request) {
  if (sourceModelId === destModelId)
    throw new StudioError('INPUT_INVALID', 'destModelId: is the source itself.', { field: 'destModelId' });
  await ctx.deps.models.getModel(sourceModelId);
  await ctx.deps.models.getModel(destModelId);
  return getCollectionOf(ctx, sourceModelId);
}

/** The rollout to wait for, newest first; null when nothing moves. */
async function findConflict(ctx: Ctx, request: Request): Promise<string | null> {
  const rollouts = await ctx.deps.rollouts.listRollouts({ offset: 0, limit: 1_000 });
  const other = rollouts.find(
    (rollout) => isMoving(rollout) && (request.deploy || rollout.modelId === request.destModelId),
  );
  if (other === undefined) return null;
  if (request.waitOnConflict) return other.id;
  throw new StudioError('TASK_CONFLICT', `Rollout ${other.id} is ${other.state}.`, {
    publicMessage: `Rollout ${other.id} is under way; wait for it, or ask with wait_on_conflict.`,
  });
}
