import { type ImprovementState, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { CollectionChoice, chooseCollection } from './choose-collection.ts';

const backDaysMax = 90;
const dayMs = 86_400_000;

export const UpdateImprovementInput = CollectionChoice.extend({
  isOn: z.boolean().optional(),
  /** True: learns on, but searches keep the version that they see. */
  isHeld: z.boolean().optional(),
});
export type UpdateImprovementInput = z.input<typeof UpdateImprovementInput>;

/** Turns improvement of a collection on or off. What was learned stays; it is served only while on. */
export async function updateImprovement({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateImprovementInput;
}): Promise<ImprovementState> {
  authorise(ctx, 'rollout.write');
  const { isOn, isHeld, ...choice } = parseInput(UpdateImprovementInput, input);
  const { collectionId, modelId } = await chooseCollection(ctx, choice);
  const known = await ctx.deps.improvement.findState(collectionId);
  const learnFrom = known === null ? await findStart(ctx, modelId) : undefined;
  const end = isHeld === false && known?.isHeld === true ? { version: known.versionLast } : {};
  const state = await ctx.deps.improvement.updateState(collectionId, { isOn, isHeld, learnFrom, ...end });
  await recordAudit(ctx, { action: 'improvement.update', subject: collectionId, detail: { isOn, isHeld } });
  return state;
}

/** What the model was trained on is in its vectors already and must not count twice. */
async function findStart(ctx: Ctx, modelId: string): Promise<Date> {
  const earliest = new Date(ctx.deps.clock.now().getTime() - backDaysMax * dayMs);
  const { manifest } = await ctx.deps.models.getModel(modelId);
  const batchId = manifest.trainedOn?.batchId;
  if (batchId === undefined || batchId === null) return earliest;
  const { releasedAt = earliest } = await ctx.deps.sessions.getBatch(batchId);
  return releasedAt > earliest ? releasedAt : earliest;
}

export const RollBackImprovementInput = CollectionChoice.extend({ version: z.number().int().min(0) });
export type RollBackImprovementInput = z.input<typeof RollBackImprovementInput>;

/** Serves an earlier version and holds it there: one statement, no vector is touched. */
export async function rollBackImprovement({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RollBackImprovementInput;
}): Promise<ImprovementState> {
  authorise(ctx, 'rollout.write');
  const { version, ...choice } = parseInput(RollBackImprovementInput, input);
  const { collectionId } = await chooseCollection(ctx, choice);
  const known = await ctx.deps.improvement.findState(collectionId);
  if (known === null || version > known.versionLast)
    throw new StudioError('INPUT_INVALID', `There is no version ${version} of this collection's overlay.`, {
      field: 'version',
    });
  const state = await ctx.deps.improvement.updateState(collectionId, { version, isHeld: true });
  await recordAudit(ctx, { action: 'improvement.roll-back', subject: collectionId, detail: { version } });
  return state;
}
