import type { AnyTask } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

const hourMs = 3_600_000;

/** Learns from the sessions since the last time. One task an hour: asked again, it answers with the same. */
export async function requestSuggestionLearning({ ctx }: { ctx: Ctx }): Promise<AnyTask> {
  authorise(ctx, 'suggestion.write');
  const hour = new Date(hourOf(ctx) * hourMs).toISOString().slice(0, 13);
  const { task, created } = await ctx.deps.tasks.requestTask({
    kind: 'suggestion_learning',
    idempotencyKey: `suggestion_learning:${hour}`,
    input: {},
  });
  if (created) await recordAudit(ctx, { action: 'suggestion.request-learning', subject: task.id });
  await dispatchTask(ctx, task);
  return task;
}

/** Asks for it once every hour, from the second one on that this process sees. */
export function createHourlyLearning(ctx: Ctx): () => Promise<void> {
  let last = hourOf(ctx);
  return async () => {
    const hour = hourOf(ctx);
    if (hour === last) return;
    await requestSuggestionLearning({ ctx });
    last = hour;
  };
}

function hourOf(ctx: Ctx): number {
  return Math.floor(ctx.deps.clock.now().getTime() / hourMs);
}
