import type { LivePointer, Rollout } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { isMoving } from './request-next-step.ts';

/** Something that may be done now, or why it may not. */
export interface RolloutAction {
  isPossible: boolean;
  why: string;
}
export type RolloutActions = Record<'promote' | 'rollBack' | 'retry' | 'cancel', RolloutAction>;

const can = (why: string): RolloutAction => ({ isPossible: true, why });
const cannot = (why: string): RolloutAction => ({ isPossible: false, why });

export async function listActions(
  ctx: Ctx,
  { rollout, live }: { rollout: Rollout; live: LivePointer | null },
): Promise<RolloutActions> {
  const serves = live !== null && live.collectionId === rollout.collectionId;
  return {
    promote: promote(rollout, serves),
    rollBack: await rollBack(ctx, { live, serves }),
    retry:
      rollout.state === 'failed' ? can('Runs the failed step again.') : cannot('Only a failed rollout is retried.'),
    cancel: isMoving(rollout)
      ? can('Stops at the next checkpoint; what serves stays as it is.')
      : cannot(`It is ${rollout.state}: there is nothing to stop.`),
  };
}

function promote(rollout: Rollout, serves: boolean): RolloutAction {
  if (serves) return cannot('It serves already.');
  if (!isPromotable(rollout)) return cannot('Only a verified collection, or one that stands by, can be promoted.');
  return can('One statement makes its collection serve; the one that serves now stands by.');
}

export function isPromotable(rollout: Rollout): boolean {
  const rests = ['standby', 'rolledBack'].includes(rollout.state);
  return rollout.collectionId !== null && (rests || (rollout.state === 'verified' && !isMoving(rollout)));
}

async function rollBack(
  ctx: Ctx,
  { live, serves }: { live: LivePointer | null; serves: boolean },
): Promise<RolloutAction> {
  if (!serves) return cannot('Only what serves can be rolled back.');
  const id = live?.previousCollectionId ?? null;
  if (id === null) return cannot('There is no collection before it.');
  const previous = await ctx.deps.collections.getCollection(id);
  if (previous.status !== 'ready') return cannot('The collection before it has been retired.');
  return can(`One statement makes ${id} serve again.`);
}
