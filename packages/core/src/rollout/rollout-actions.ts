import type { LivePointer, Rollout } from '@embedding-studio/contracts';
import { servesQueries } from '../adapter/query-rollout.ts';
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
  if (rollout.movesQueries === true) return listQueryActions(ctx, rollout);
  const serves = live !== null && live.collectionId === rollout.collectionId;
  return { ...always(rollout), promote: promote(rollout, serves), rollBack: await rollBack(ctx, { live, serves }) };
}

/** An adapter of queries comes and goes by a write of the collection's row. */
async function listQueryActions(ctx: Ctx, rollout: Rollout): Promise<RolloutActions> {
  const live = await ctx.deps.collections.findLiveCollection();
  const serves = servesQueries(rollout, live?.collection ?? null);
  const fits = live?.collection.id === rollout.sourceCollectionId && isPromotable(rollout);
  const canPromote = fits
    ? can('The next search moves queries by it.')
    : cannot('Only a verified adapter of the collection that serves can be promoted.');
  return {
    ...always(rollout),
    promote: serves ? cannot('It serves already.') : canPromote,
    rollBack: serves
      ? can('The next search leaves queries as they were before it.')
      : cannot('Only what serves can be rolled back.'),
  };
}

function always(rollout: Rollout): Pick<RolloutActions, 'retry' | 'cancel'> {
  return {
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
  const hasPlace = rollout.collectionId !== null || rollout.movesQueries === true;
  return hasPlace && (rests || (rollout.state === 'verified' && !isMoving(rollout)));
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
