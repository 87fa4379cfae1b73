import type { AnyTask } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

/** Sweeps now, beside the daily one. */
export async function requestRetention({ ctx }: { ctx: Ctx }): Promise<AnyTask> {
  authorise(ctx, 'policy.write');
  const task = await request(ctx, `retention:asked:${ctx.requestId}`);
  await recordAudit(ctx, { action: 'retention.request', subject: task.id });
  return task;
}

/** Sweeps once a day, whichever processes ask: the first one that sees the day. */
export function createDailyRetention(ctx: Ctx): () => Promise<void> {
  let last = '';
  return async () => {
    const day = ctx.deps.clock.now().toISOString().slice(0, 10);
    if (day === last) return;
    await request(ctx, `retention:${day}`);
    last = day;
  };
}

async function request(ctx: Ctx, idempotencyKey: string): Promise<AnyTask> {
  const { task } = await ctx.deps.tasks.requestTask({ kind: 'retention', idempotencyKey, input: {} });
  await dispatchTask(ctx, task);
  return task;
}
