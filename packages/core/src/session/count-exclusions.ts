import type { ExclusionReason } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const CountExclusionsInput = z.object({ batchId: z.string().min(1).max(128).optional() });
export type CountExclusionsInput = z.input<typeof CountExclusionsInput>;

/** How many sessions nothing is learned from, by reason: of one batch, or of all. */
export async function countExclusions({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CountExclusionsInput;
}): Promise<Partial<Record<ExclusionReason, number>>> {
  authorise(ctx, 'session.read');
  const { batchId } = parseInput(CountExclusionsInput, input);
  if (batchId !== undefined) await ctx.deps.sessions.getBatch(batchId);
  return ctx.deps.sessions.countExclusions(batchId ?? null);
}
