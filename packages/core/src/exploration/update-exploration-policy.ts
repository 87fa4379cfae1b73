import { ExplorationPolicy } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type ExplorationPolicyView, getExplorationPolicy } from './get-exploration-policy.ts';

export const UpdateExplorationPolicyInput = ExplorationPolicy.partial();
export type UpdateExplorationPolicyInput = z.input<typeof UpdateExplorationPolicyInput>;

/** What is not given stays as it is. Every process goes by it within about a second. */
export async function updateExplorationPolicy({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateExplorationPolicyInput;
}): Promise<ExplorationPolicyView> {
  authorise(ctx, 'experiment.write');
  const change = parseInput(UpdateExplorationPolicyInput, input);
  const { policy: before } = await getExplorationPolicy({ ctx });
  const after = { ...before, ...change };
  await ctx.deps.policies.putPolicy('exploration', after);
  await recordAudit(ctx, { action: 'exploration-policy.update', subject: 'exploration', detail: { before, after } });
  return getExplorationPolicy({ ctx });
}
