import { GoldenPolicy } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

const defaults: GoldenPolicy = { every: 'day', dropMin: 0.02 };

export async function readGoldenPolicy(ctx: Ctx): Promise<{ policy: GoldenPolicy; updatedAt: Date | null }> {
  const stored = await ctx.deps.policies.findPolicy('golden');
  return { policy: { ...defaults, ...stored?.value }, updatedAt: stored?.updatedAt ?? null };
}

export const UpdateGoldenPolicyInput = GoldenPolicy.partial();
export type UpdateGoldenPolicyInput = z.input<typeof UpdateGoldenPolicyInput>;

/** When the golden set is asked by itself and what counts as a drop. What is not given stays as it is. */
export async function updateGoldenPolicy({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateGoldenPolicyInput;
}): Promise<GoldenPolicy> {
  authorise(ctx, 'policy.write');
  const change = parseInput(UpdateGoldenPolicyInput, input);
  const { policy: before } = await readGoldenPolicy(ctx);
  const after = { ...before, ...change };
  await ctx.deps.policies.putPolicy('golden', after);
  await recordAudit(ctx, { action: 'golden-policy.update', subject: 'golden', detail: { before, after } });
  return after;
}
