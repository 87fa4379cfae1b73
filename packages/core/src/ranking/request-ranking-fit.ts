import type { AnyTask } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

export const RequestRankingFitInput = z.object({ batchId: z.string().min(1).max(128) });
export type RequestRankingFitInput = z.input<typeof RequestRankingFitInput>;

/** The cheapest improvement: words and meaning of the live collection weighed by what people clicked. No reindex. */
export async function requestRankingFit({ ctx, input }: { ctx: Ctx; input: RequestRankingFitInput }): Promise<AnyTask> {
  authorise(ctx, 'rollout.write');
  const { batchId } = parseInput(RequestRankingFitInput, input);
  await ctx.deps.sessions.getBatch(batchId);
  const { collection } = await resolveLive(ctx);
  const { task, created } = await ctx.deps.tasks.requestTask({
    kind: 'ranking_fit',
    idempotencyKey: `ranking_fit:${collection.id}:${batchId}`,
    input: { collectionId: collection.id, batchId },
  });
  if (created) await recordAudit(ctx, { action: 'ranking.request-fit', subject: collection.id, detail: { batchId } });
  await dispatchTask(ctx, task);
  return task;
}
