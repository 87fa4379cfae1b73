import type { AnyTask } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { CoreDeps, Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';
import { CollectionChoice, chooseCollection } from './choose-collection.ts';

export const RequestImprovementInput = CollectionChoice;
export type RequestImprovementInput = z.input<typeof RequestImprovementInput>;

/** How often feedback alone starts a task: one at once, and one for what came meanwhile. */
const windowMs = 10_000;

/** Learns now from all feedback that has arrived. */
export async function requestImprovement({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RequestImprovementInput;
}): Promise<AnyTask> {
  authorise(ctx, 'rollout.write');
  const { collectionId } = await chooseCollection(ctx, parseInput(RequestImprovementInput, input));
  const now = ctx.deps.clock.now();
  const { task } = await requestTask(ctx, { collectionId, key: `asked:${ctx.requestId}:${now.getTime()}` });
  await recordAudit(ctx, { action: 'improvement.request', subject: collectionId });
  await dispatchTask(ctx, task);
  return task;
}

const lastWindow = new WeakMap<CoreDeps['improvement'], string>();

/** Called after feedback was stored: starts learning where it is turned on. Never fails what the user did. */
export async function noteFeedback(ctx: Ctx): Promise<void> {
  try {
    const live = await ctx.deps.collections.recallLiveCollection();
    if (live === null) return;
    const collectionId = live.collection.id;
    const window = Math.floor(ctx.deps.clock.now().getTime() / windowMs);
    const key = `${collectionId}:${window}`;
    if (lastWindow.get(ctx.deps.improvement) === key) return;
    if ((await ctx.deps.improvement.recallOverlay(collectionId)) === null) return;
    lastWindow.set(ctx.deps.improvement, key);
    const { task } = await requestTask(ctx, { collectionId, key });
    await dispatchTask(ctx, task);
    const end = new Date((window + 1) * windowMs);
    await requestTask(ctx, { collectionId, key: `${key}:rest`, notBefore: end });
  } catch (error) {
    ctx.deps.log.warn({ error: String(error) }, 'feedback is stored but starts no learning');
  }
}

function requestTask(ctx: Ctx, wanted: { collectionId: string; key: string; notBefore?: Date }) {
  const { collectionId, key, notBefore } = wanted;
  return ctx.deps.tasks.requestTask({
    kind: 'improvement',
    idempotencyKey: `improvement:${key}`,
    input: { collectionId },
    notBefore,
  });
}
