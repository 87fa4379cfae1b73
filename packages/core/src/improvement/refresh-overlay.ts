import type { ItemDeltaRow, StoredEvidence, VectorRow } from '@embedding-studio/contracts';
import { addScaled, computeItemDelta, type Evidence, learnCentroids, toUnit } from '@embedding-studio/ml/improvement';
import type { Ctx } from '../context.ts';
import { findPluginDelta } from './plugin-delta.ts';

const itemsAtOnce = 200;
const evidencePerItem = 400;
const clicksPerUser = 200;
const latestNamed = 5;
const dayMs = 86_400_000;

/** Makes the deltas of these items anew from all evidence there is: the same evidence always gives the same overlay. */
export async function refreshDeltas(ctx: Ctx, collectionId: string, itemIds: readonly string[]): Promise<void> {
  for await (const { rows } of makeDeltas(ctx, { collectionId, itemIds, speaks: () => true }))
    await ctx.deps.improvement.putDeltas(collectionId, rows);
}

/** Deltas of these items, page by page with the vectors they were made for, from the evidence of sessions that speak. */
export async function* makeDeltas(
  ctx: Ctx,
  asked: { collectionId: string; itemIds: readonly string[]; speaks: (sessionId: string) => boolean },
): AsyncGenerator<{ rows: ItemDeltaRow[]; vectors: VectorRow[] }> {
  const { collectionId, itemIds, speaks } = asked;
  const { searchPlugins } = await ctx.deps.collections.getCollection(collectionId);
  const common = await findCommon(ctx, collectionId);
  for (let start = 0; start < itemIds.length; start += itemsAtOnce) {
    ctx.signal?.throwIfAborted();
    const ids = itemIds.slice(start, start + itemsAtOnce);
    const all = await ctx.deps.improvement.listEvidence(collectionId, ids, evidencePerItem);
    const evidence = groupBy(all.filter(({ sessionId }) => speaks(sessionId)));
    const vectors = await ctx.deps.collections.getVectors(collectionId, ids);
    const parts = new Map<string, Float32Array[]>();
    for (const { itemId, vector } of vectors) parts.set(itemId, [...(parts.get(itemId) ?? []), vector]);
    const now = ctx.deps.clock.now();
    const rows: ItemDeltaRow[] = [];
    for (const itemId of ids) {
      const item = { parts: parts.get(itemId) ?? [], stored: evidence.get(itemId) ?? [], now, common };
      const row = makeRow(itemId, item);
      const step = row.delta === null ? undefined : searchPlugins.vectorAdjuster;
      const chosen = step === undefined ? null : await findPluginDelta(ctx, { ...item, step });
      rows.push(chosen === null ? row : { ...row, delta: chosen });
    }
    yield { rows, vectors };
  }
}

function groupBy(evidence: readonly StoredEvidence[]): Map<string, StoredEvidence[]> {
  const groups = new Map<string, StoredEvidence[]>();
  for (const one of evidence) {
    const group = groups.get(one.itemId);
    if (group === undefined) groups.set(one.itemId, [one]);
    else group.push(one);
  }
  return groups;
}

export interface Moment {
  now: Date;
  /** What all queries of the collection have in common; null when there are none. */
  common: Float32Array | null;
}

/**
 * Stored evidence as it is weighed now: how old it is, and what its query asks for beyond what every query does. Were
 * items moved towards that as well, they would gain for all queries, at the cost of items that nobody has clicked yet.
 */
export function toEvidence({ userKey, query, weight, at }: StoredEvidence, { now, common }: Moment): Evidence {
  const own = common === null ? query : (toUnit(addScaled(query, common, -1)) ?? query);
  return { user: userKey, query: own, weight, ageDays: (now.getTime() - at.getTime()) / dayMs };
}

/** Queries at whom half of their mean counts: of a few one cannot tell what they have in common. */
const commonShrinkage = 100;

export async function findCommon(ctx: Ctx, collectionId: string): Promise<Float32Array | null> {
  const found = await ctx.deps.improvement.findQueryMean(collectionId);
  if (found === null) return null;
  const share = found.queries / (found.queries + commonShrinkage);
  return found.mean.map((value) => share * value);
}

function makeRow(
  itemId: string,
  given: { parts: readonly Float32Array[]; stored: readonly StoredEvidence[] } & Moment,
): ItemDeltaRow {
  const { parts, stored } = given;
  const evidence = stored.map((one) => toEvidence(one, given));
  const delta = computeItemDelta(parts, evidence);
  const provenance = {
    usersEffective: delta?.usersEffective ?? 0,
    users: new Set(stored.map(({ userKey }) => userKey)).size,
    sessions: stored.length,
    latest: stored.slice(0, latestNamed).map(({ sessionId }) => sessionId),
  };
  if (delta === null) return { itemId, delta: null, provenance };
  const { keep, norm, shift } = delta;
  return { itemId, delta: { keep, norm, shift }, provenance };
}

/** A user's interests, learned anew from the latest of their clicks. */
export async function refreshCentroids(ctx: Ctx, collectionId: string, userKeys: readonly string[]): Promise<void> {
  if (userKeys.length === 0) return;
  const mean = await ctx.deps.improvement.findMean(collectionId);
  if (mean === null) return;
  for (const userKey of userKeys) {
    ctx.signal?.throwIfAborted();
    const wanted = await ctx.deps.improvement.listWanted(collectionId, userKey, clicksPerUser);
    const ids = [...new Set(wanted.map(({ itemId }) => itemId))];
    const vectors = new Map<string, Float32Array>();
    for (const { itemId, ordinal, vector } of await ctx.deps.collections.getVectors(collectionId, ids))
      if (ordinal === 0 || !vectors.has(itemId)) vectors.set(itemId, vector);
    const clicks = wanted.flatMap(({ itemId, weight }) => {
      const vector = vectors.get(itemId);
      return vector === undefined ? [] : [{ vector, weight }];
    });
    await ctx.deps.improvement.putCentroids(collectionId, userKey, learnCentroids(clicks, mean));
  }
}
