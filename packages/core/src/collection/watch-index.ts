import type { Ctx } from '../context.ts';
import { recordCheck } from './collection-checks.ts';

const lookEveryMs = 600_000;
const hourMs = 3_600_000;

/**
 * Checks the live index once a day, so that recall is known without anybody asking. One that serves for less than an
 * hour was verified just before; a check by hand counts too. Never rejects, and is nothing to wait for: it takes seconds.
 */
export function createIndexWatch(ctx: Ctx): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isChecking = false;
  return async () => {
    const now = ctx.deps.clock.now().getTime();
    if (isChecking || now - lookedAt < lookEveryMs) return;
    lookedAt = now;
    isChecking = true;
    try {
      await checkWhenDue(ctx, now);
    } catch (error) {
      ctx.deps.log.warn({ error: String(error) }, 'live index could not be checked');
    } finally {
      isChecking = false;
    }
  };
}

async function checkWhenDue(ctx: Ctx, now: number): Promise<void> {
  const { collections, collectionChecks } = ctx.deps;
  const live = await collections.findLive();
  if (live === null || now - live.switchedAt.getTime() < hourMs) return;
  const { collectionId } = live;
  const [last] = await collectionChecks.listChecks({ collectionId, before: null, limit: 1 });
  if (last !== undefined && now - last.at.getTime() < 24 * hourMs) return;
  await recordCheck({ ctx, input: { collectionId } });
}
