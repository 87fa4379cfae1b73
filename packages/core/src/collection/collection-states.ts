import type { Collection, CollectionStorage, LivePointer, Rollout, RolloutState } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authoriseSome, reaches } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { estimateMemory, type MemoryEstimate } from './estimate-memory.ts';
import { type CollectionInput, type CollectionView, openCollection, viewCollection } from './list-collections.ts';

/** `live` serves; `standby` is what a rollback returns to; `candidate` is being filled or waits for its switch. */
export type CollectionAlias = 'live' | 'standby' | 'candidate';

export interface CollectionState extends CollectionView {
  alias: CollectionAlias | null;
  /** `stale`: items that have no vector of their current content here, the lag of dual writes and of a reindex. */
  counts: { items: number; parts: number; stale: number };
  /** null once retired. */
  storage: CollectionStorage | null;
  memory: MemoryEstimate | null;
  rollout: { id: string; state: RolloutState; since: Date } | null;
  /** Learning between fine-tunings. */
  improvement: { isOn: boolean; version: number } | null;
  lastCheck: { at: Date; recall10: number } | null;
}

export const ListCollectionStatesInput = z.object({
  after: z.string().max(200).nullable().default(null),
  limit: z.number().int().min(1).max(50).default(20),
});
export type ListCollectionStatesInput = z.input<typeof ListCollectionStatesInput>;

/** Newest first, each with what it holds and takes up; a bound key sees its own. */
export async function listCollectionStates({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListCollectionStatesInput;
}): Promise<CollectionState[]> {
  const page = parseInput(ListCollectionStatesInput, input);
  authoriseSome(ctx, 'collection.read');
  const [collections, pointer] = await Promise.all([
    ctx.deps.collections.listCollections(page),
    ctx.deps.collections.findLive(),
  ]);
  const seen = collections.filter(({ id }) => reaches(ctx.actor, id));
  return Promise.all(seen.map((collection) => describeCollection(ctx, { collection, pointer })));
}

export async function getCollectionState({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CollectionInput;
}): Promise<CollectionState> {
  const collection = await openCollection(ctx, input, 'collection.read');
  return describeCollection(ctx, { collection, pointer: await ctx.deps.collections.findLive() });
}

interface Seen {
  collection: Collection;
  pointer: LivePointer | null;
}

export async function describeCollection(ctx: Ctx, { collection, pointer }: Seen): Promise<CollectionState> {
  const { id, dims, status } = collection;
  const isRetired = status === 'retired';
  const { collections, rollouts, improvement, collectionChecks } = ctx.deps;
  const [view, counts, storage, rollout, learning, checks] = await Promise.all([
    viewCollection(ctx, { collection, pointer }),
    isRetired ? { items: 0, parts: 0, stale: 0 } : collections.countVectors(id),
    isRetired ? null : collections.describeStorage(id),
    rollouts.findRolloutByCollection(id),
    isRetired ? null : improvement.findState(id),
    collectionChecks.listChecks({ collectionId: id, before: null, limit: 1 }),
  ]);
  const [last] = checks;
  return {
    ...view,
    ...{ alias: aliasOf(view), counts, storage },
    memory: storage === null ? null : estimateMemory(storage, { parts: counts.parts, dims }),
    rollout: rollout === null ? null : standingOf(rollout),
    improvement: learning === null ? null : { isOn: learning.isOn, version: learning.version },
    lastCheck: last === undefined ? null : { at: last.at, recall10: last.check.recall10 },
  };
}

function aliasOf({ collection, isLive, isPrevious }: CollectionView): CollectionAlias | null {
  if (isLive) return 'live';
  if (collection.status === 'retired' || collection.status === 'paused') return null;
  return isPrevious ? 'standby' : 'candidate';
}

function standingOf({ id, state, transitions, createdAt }: Rollout): NonNullable<CollectionState['rollout']> {
  return { id, state, since: transitions.at(-1)?.at ?? createdAt };
}
