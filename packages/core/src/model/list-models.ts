import type { ModelRecord } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { KeysetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';

export const ListModelsInput = KeysetPage;
export type ListModelsInput = z.input<typeof ListModelsInput>;

export async function listModels({ ctx, input }: { ctx: Ctx; input: ListModelsInput }): Promise<ModelRecord[]> {
  authorise(ctx, 'model.read');
  return ctx.deps.models.listModels(parseInput(ListModelsInput, input));
}

export const GetModelInput = z.object({ modelId: z.string().min(1).max(128) });
export type GetModelInput = z.input<typeof GetModelInput>;

export async function getModel({ ctx, input }: { ctx: Ctx; input: GetModelInput }): Promise<ModelRecord> {
  authorise(ctx, 'model.read');
  return ctx.deps.models.getModel(parseInput(GetModelInput, input).modelId);
}
