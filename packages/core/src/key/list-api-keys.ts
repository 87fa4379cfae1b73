import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { KeysetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { type ApiKeyView, viewApiKey } from './api-key-view.ts';

export const ListApiKeysInput = KeysetPage;
export type ListApiKeysInput = z.input<typeof ListApiKeysInput>;

export async function listApiKeys({ ctx, input }: { ctx: Ctx; input: ListApiKeysInput }): Promise<ApiKeyView[]> {
  authorise(ctx, 'key.write');
  return (await ctx.deps.apiKeys.listApiKeys(parseInput(ListApiKeysInput, input))).map(viewApiKey);
}
