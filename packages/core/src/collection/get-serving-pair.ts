import type { LivePointer } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { watch } from '../watch.ts';
import { type CollectionState, describeCollection } from './collection-states.ts';

export interface ServingPair {
  pointer: LivePointer;
  live: CollectionState;
  /** What a rollback returns to; null when there is nothing, or it has been retired. */
  standby: CollectionState | null;
  /** When the collection that stands by may be removed; null without one. */
  standbyUntil: Date | null;
  /** The one that stands by is newer and was rolled back from: going back again goes forward. */
  hasRolledBack: boolean;
}

/** The collection that serves and the one that stands by; null before the first index. */
export async function getServingPair({ ctx }: { ctx: Ctx }): Promise<ServingPair | null> {
  authorise(ctx, 'collection.read');
  const found = await ctx.deps.collections.findLiveCollection();
  if (found === null) return null;
  const { pointer, collection } = found;
  const previous =
    pointer.previousCollectionId === null
      ? null
      : await ctx.deps.collections.getCollection(pointer.previousCollectionId);
  const [live, standby] = await Promise.all([
    describeCollection(ctx, { collection, pointer }),
    previous === null || previous.status === 'retired'
      ? null
      : describeCollection(ctx, { collection: previous, pointer }),
  ]);
  const standbyMs = ctx.deps.settings.standbyHours * 3_600_000;
  return {
    ...{ pointer, live, standby },
    standbyUntil: standby === null ? null : new Date(pointer.switchedAt.getTime() + standbyMs),
    hasRolledBack: standby?.rollout?.state === 'rolledBack',
  };
}

const lookEveryMs = 2_000;

/** The pair as it changes: a switch, a rollback, and how far the second is behind. */
export async function* watchServingPair({ ctx }: { ctx: Ctx }): AsyncGenerator<ServingPair | null> {
  authorise(ctx, 'collection.read');
  yield* watch(ctx, { everyMs: lookEveryMs, read: () => getServingPair({ ctx }) });
}
