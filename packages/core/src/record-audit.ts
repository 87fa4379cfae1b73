import { actorName } from '@embedding-studio/contracts';
import type { Ctx } from './context.ts';

/** One audit row for a mutation that has just happened; `action` is `noun.verb`. */
export async function recordAudit(
  ctx: Ctx,
  row: { action: string; subject: string; detail?: Record<string, unknown> },
): Promise<void> {
  await ctx.deps.audit.record({
    actor: actorName(ctx.actor),
    action: row.action,
    subject: row.subject,
    detail: { ...row.detail, requestId: ctx.requestId },
  });
}
