import { type Rollout, type RolloutState, rolloutStep } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

const moving = (Object.keys(rolloutStep) as RolloutState[]).filter((state) => rolloutStep[state] !== null);

/** Rollouts in a state with a step behind it, also those that rest when verified. */
export async function listMoving(ctx: Ctx): Promise<Rollout[]> {
  const lists = await Promise.all(
    moving.map((state) => ctx.deps.rollouts.listRollouts({ state, offset: 0, limit: 100 })),
  );
  return lists.flat();
}
