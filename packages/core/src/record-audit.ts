import { actorName, isStudioError } from '@embedding-studio/contracts';
import type { Ctx } from './context.ts';

interface AuditRow {
  action: string;
  subject: string;
  detail?: Record<string, unknown>;
}

/** One audit row for a mutation that has just happened; `action` is `noun.verb`. */
export async function recordAudit(ctx: Ctx, row: AuditRow): Promise<void> {
  await ctx.deps.audit.record({
    actor: actorName(ctx.actor),
    action: row.action,
    subject: row.subject,
    detail: { ...row.detail, requestId: ctx.requestId },
  });
}

/**
 * The same for what visitors do. It is stored in another database already: that the one of the audit log is away must not
 * make them do it again, and the log of the process says what the audit log lacks.
 */
export async function recordVisit(ctx: Ctx, row: AuditRow): Promise<void> {
  try {
    await recordAudit(ctx, row);
  } catch (error) {
    if (!isStudioError(error) || error.code !== 'STORE_UNAVAILABLE') throw error;
    const { action, subject } = row;
    ctx.deps.log.error({ actor: actorName(ctx.actor), action, subject, requestId: ctx.requestId }, 'not audited');
  }
}
