import { type DeltaProvenance, type ImprovementState, ItemId } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { CollectionChoice, chooseCollection } from './choose-collection.ts';

export const GetImprovementInput = CollectionChoice.extend({
  /** Also where the delta of this item comes from. */
  itemId: ItemId.optional(),
});
export type GetImprovementInput = z.input<typeof GetImprovementInput>;

export interface ImprovementReport {
  collectionId: string;
  /** Null: never turned on. */
  state: ImprovementState | null;
  counts: { items: number; users: number; evidence: number };
  item?: { itemId: string; version: number; madeAt: Date; isMoved: boolean; provenance: DeltaProvenance } | null;
}

/** What a collection has learned between fine-tunings. */
export async function getImprovement({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: GetImprovementInput;
}): Promise<ImprovementReport> {
  authorise(ctx, 'rollout.read');
  const { itemId, ...choice } = parseInput(GetImprovementInput, input);
  const { collectionId } = await chooseCollection(ctx, choice);
  const { improvement } = ctx.deps;
  const state = await improvement.findState(collectionId);
  const counts = await improvement.countDeltas(collectionId);
  if (itemId === undefined) return { collectionId, state, counts };
  const found = await improvement.findDelta(collectionId, itemId, state?.version ?? 0);
  if (found === null) return { collectionId, state, counts, item: null };
  const { version, madeAt, provenance, delta } = found;
  return { collectionId, state, counts, item: { itemId, version, madeAt, provenance, isMoved: delta !== null } };
}
