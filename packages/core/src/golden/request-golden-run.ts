import type { AnyTask, GoldenPolicy } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';
import { readGoldenPolicy } from './golden-policy.ts';

/** Measures the live search by the golden set now. */
export async function requestGoldenRun({ ctx }: { ctx: Ctx }): Promise<{ taskId: string }> {
  authorise(ctx, 'judgement.write');
  const task = await request(ctx, `golden:asked:${ctx.requestId}`);
  await recordAudit(ctx, { action: 'golden.request', subject: task.id });
  return { taskId: task.id };
}

const lookEveryMs = 60_000;
const dayMs = 86_400_000;

/** Once a day or week, as the policy has it, where there is a golden set and something live: whichever process asks first. */
export function createQualityWatch(ctx: Ctx): () => Promise<void> {
  let lookedAt = 0;
  let last = '';
  return async () => {
    const now = ctx.deps.clock.now();
    if (now.getTime() - lookedAt < lookEveryMs) return;
    lookedAt = now.getTime();
    const { policy } = await readGoldenPolicy(ctx);
    const period = periodOf(now, policy.every);
    if (period === null || period === last) return;
    const [judged] = await ctx.deps.judgements.listJudgedQueries({ after: null, limit: 1 });
    if (judged === undefined || (await ctx.deps.collections.findLive()) === null) return;
    await request(ctx, `golden:${period}`);
    last = period;
  };
}

/** The day, or the Monday of the week, in UTC; null: never. */
export function periodOf(now: Date, every: GoldenPolicy['every']): string | null {
  if (every === 'off') return null;
  const sinceMonday = every === 'week' ? (now.getUTCDay() + 6) % 7 : 0;
  return `${every}:${new Date(now.getTime() - sinceMonday * dayMs).toISOString().slice(0, 10)}`;
}

async function request(ctx: Ctx, idempotencyKey: string): Promise<AnyTask> {
  const { task } = await ctx.deps.tasks.requestTask({ kind: 'golden_evaluation', idempotencyKey, input: {} });
  await dispatchTask(ctx, task);
  return task;
}
