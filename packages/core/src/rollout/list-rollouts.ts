import { type Rollout, RolloutState } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { OffsetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';

export const ListRolloutsInput = OffsetPage.extend({ state: RolloutState.optional() });
export type ListRolloutsInput = z.input<typeof ListRolloutsInput>;

export async function listRollouts({ ctx, input }: { ctx: Ctx; input: ListRolloutsInput }): Promise<Rollout[]> {
  authorise(ctx, 'rollout.read');
  return ctx.deps.rollouts.listRollouts(parseInput(ListRolloutsInput, input));
}

export const RolloutIdInput = z.object({ rolloutId: z.string().min(1).max(128) });
export type RolloutIdInput = z.input<typeof RolloutIdInput>;

export async function getRollout({ ctx, input }: { ctx: Ctx; input: RolloutIdInput }): Promise<Rollout> {
  authorise(ctx, 'rollout.read');
  return ctx.deps.rollouts.getRollout(parseInput(RolloutIdInput, input).rolloutId);
}
