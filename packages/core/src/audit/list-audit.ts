import type { AuditEntry } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

const Prefix = z.string().min(1).max(200).optional();

export const ListAuditInput = z.object({
  beforeId: z.number().int().positive().nullable().default(null),
  limit: z.number().int().min(1).max(1_000).default(100),
  /** How the names begin, e.g. `user:` and `live.`; the case counts. */
  actorPrefix: Prefix,
  actionPrefix: Prefix,
  subjectPrefix: Prefix,
  /** Inclusive. */
  from: z.date().optional(),
  /** Exclusive. */
  until: z.date().optional(),
});
export type ListAuditInput = z.input<typeof ListAuditInput>;

const charsMax = 150_000;

/** Newest first; fewer rows than asked for where they are large, one at least. */
export async function listAudit({ ctx, input }: { ctx: Ctx; input: ListAuditInput }): Promise<AuditEntry[]> {
  authorise(ctx, 'audit.read');
  const rows = await ctx.deps.audit.listAudit(parseInput(ListAuditInput, input));
  let chars = 0;
  const isFitting = (row: AuditEntry, index: number) => {
    chars += JSON.stringify(row).length;
    return index === 0 || chars <= charsMax;
  };
  return rows.filter(isFitting);
}
