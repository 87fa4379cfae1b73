import type { AuditChain } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const VerifyAuditInput = z.object({
  /** The hash of a row, as an earlier call gave it: it must still be part of the log. */
  head: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
    .optional(),
});
export type VerifyAuditInput = z.input<typeof VerifyAuditInput>;

/**
 * Follows the links of the audit log. A row that was changed, put in or taken out behind the back of the database's own
 * guard breaks the chain there; rows cut off from its end show against a head that was kept elsewhere.
 */
export async function verifyAudit({ ctx, input }: { ctx: Ctx; input: VerifyAuditInput }): Promise<AuditChain> {
  authorise(ctx, 'audit.read');
  const { head = null } = parseInput(VerifyAuditInput, input);
  return ctx.deps.audit.verifyAudit(head);
}
