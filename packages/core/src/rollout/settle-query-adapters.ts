import { actorName, type LiveCollection, type Rollout, type RolloutState } from '@embedding-studio/contracts';
import { servesQueries } from '../adapter/query-rollout.ts';
import type { Ctx } from '../context.ts';

const resting: readonly RolloutState[] = ['verified', 'live', 'standby', 'rolledBack'];

/** Makes rollouts of query adapters agree with the row of the live collection, which alone decides. Idempotent. */
export async function settleQueryAdapters(ctx: Ctx, live: LiveCollection | null): Promise<void> {
  for (const state of resting) {
    const rollouts = await ctx.deps.rollouts.listRollouts({ state, offset: 0, limit: 100 });
    for (const rollout of rollouts) if (rollout.movesQueries === true) await settleOne(ctx, rollout, live);
  }
}

async function settleOne(ctx: Ctx, rollout: Rollout, live: LiveCollection | null): Promise<void> {
  const serves = servesQueries(rollout, live?.collection ?? null);
  if (serves === (rollout.state === 'live')) return;
  if (!serves && rollout.state !== 'live') return;
  const to = serves ? 'live' : isUndone(rollout, live) ? 'rolledBack' : 'standby';
  const reason = serves ? 'The live collection names its adapter.' : 'The live collection names its adapter no longer.';
  const move = { id: rollout.id, from: rollout.state, to, actor: actorName(ctx.actor), reason } as const;
  await ctx.deps.rollouts.advanceRollout(move);
  if (rollout.modelId !== null) await ctx.deps.models.updateModelStatus(rollout.modelId, serves ? 'live' : 'standby');
}

/** What moved queries before it does so again. */
function isUndone({ modelId, tenant = null }: Rollout, live: LiveCollection | null): boolean {
  const ref = live?.collection.queryAdapters.find((one) => one.tenant === tenant);
  return ref?.previous.modelId === modelId && ref !== undefined;
}
