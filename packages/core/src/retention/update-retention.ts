import { RetentionPolicy } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { getRetention, type Retention } from './get-retention.ts';

export const UpdateRetentionInput = RetentionPolicy.partial();
export type UpdateRetentionInput = z.input<typeof UpdateRetentionInput>;

/** What is not given stays as it is. It counts from the next sweep on; nothing that is gone comes back. */
export async function updateRetention({ ctx, input }: { ctx: Ctx; input: UpdateRetentionInput }): Promise<Retention> {
  authorise(ctx, 'policy.write');
  const change = parseInput(UpdateRetentionInput, input);
  const { policy: before } = await getRetention({ ctx });
  await ctx.deps.policies.putPolicy('retention', { ...before, ...change });
  const after = await getRetention({ ctx });
  await recordAudit(ctx, { action: 'retention.update', subject: 'retention', detail: { before, after: after.policy } });
  return after;
}
