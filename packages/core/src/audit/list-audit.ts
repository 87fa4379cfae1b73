import type { AuditRow } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const ListAuditInput = z.object({
  beforeId: z.number().int().positive().nullable().default(null),
  limit: z.number().int().min(1).max(1_000).default(100),
});
export type ListAuditInput = z.input<typeof ListAuditInput>;

/** Newest first. */
export async function listAudit({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListAuditInput;
}): Promise<(AuditRow & { id: number; at: Date })[]> {
  authorise(ctx, 'audit.read');
  return ctx.deps.audit.listAudit(parseInput(ListAuditInput, input));
}
