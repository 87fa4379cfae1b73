import type { FoundCandidate, RankingProfile } from '@embedding-studio/contracts';
import { applyDeltas, type Ctx, findCommon, toEvidence } from '@embedding-studio/core';
import {
  applyItemDelta,
  computeItemDelta,
  type DeltaLimits,
  deltaLimits,
  dot,
  type Evidence,
  type ItemDelta,
} from '@embedding-studio/ml/improvement';
import { type Compared, compareRankings } from './compare-rankings.ts';
import { type HeldOutQuery, rankIds } from './held-out-queries.ts';

export interface Ways {
  fused: Compared;
  vectors: Compared;
}

const idsAtOnce = 200;
const evidencePerItem = 400;

/** Held-out queries without and with the overlay that the collection serves. */
export async function measureOverlay(
  ctx: Ctx,
  {
    queries,
    collectionId,
    profile,
  }: { queries: readonly HeldOutQuery[]; collectionId: string; profile: RankingProfile },
): Promise<Ways> {
  const improved = await Promise.all(
    queries.map(({ vector, candidates }) => applyDeltas(ctx, { collectionId, queryVector: vector, candidates })),
  );
  return compareWays(queries, improved, profile);
}

function compareWays(
  queries: readonly HeldOutQuery[],
  improved: readonly (readonly FoundCandidate[])[],
  profile: RankingProfile,
): Ways {
  const compare = (by: RankingProfile) =>
    compareRankings(
      queries.map(({ judged, candidates }, at) => ({
        ...{ judged, off: rankIds(candidates, by), on: rankIds(improved[at] ?? [], by) },
      })),
    );
  return { fused: compare(profile), vectors: compare({ ...profile, vectorWeight: 1 }) };
}

/** Evidence and vectors of every item that sessions speak of, as the overlay is made of them. */
export interface Learned {
  itemId: string;
  parts: Float32Array[];
  evidence: Evidence[];
}

export async function loadLearned(ctx: Ctx, collectionId: string, itemIds: readonly string[]): Promise<Learned[]> {
  const learned: Learned[] = [];
  const moment = { now: ctx.deps.clock.now(), common: await findCommon(ctx, collectionId) };
  for (let start = 0; start < itemIds.length; start += idsAtOnce) {
    const ids = itemIds.slice(start, start + idsAtOnce);
    const stored = byItem(await ctx.deps.improvement.listEvidence(collectionId, ids, evidencePerItem));
    const vectors = byItem(await ctx.deps.collections.getVectors(collectionId, ids));
    for (const [itemId, own] of stored)
      learned.push({
        ...{ itemId, parts: (vectors.get(itemId) ?? []).map(({ vector }) => vector) },
        evidence: own.map((one) => toEvidence(one, moment)),
      });
  }
  return learned;
}

function byItem<T extends { itemId: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.itemId, [...(groups.get(row.itemId) ?? []), row]);
  return groups;
}

export interface Tried extends Ways {
  limits: DeltaLimits;
  /** Fused, as if nobody had ever clicked what the query is after: what new items lose to those that were moved. */
  newcomers: Compared;
}

/** The same comparison under other limits, from the same evidence: what the defaults were chosen by. */
export function tryLimits(
  learned: readonly Learned[],
  { queries, profile }: { queries: readonly HeldOutQuery[]; profile: RankingProfile },
  change: Partial<DeltaLimits>,
): Tried {
  const limits = { ...deltaLimits, ...change };
  const deltas = new Map<string, ItemDelta>();
  for (const { itemId, parts, evidence } of learned) {
    const delta = computeItemDelta(parts, evidence, limits);
    if (delta !== null) deltas.set(itemId, delta);
  }
  const improve = (isMoved: (query: HeldOutQuery, itemId: string) => boolean) =>
    queries.map((query) =>
      query.candidates.map((candidate) => {
        const delta = isMoved(query, candidate.itemId) ? deltas.get(candidate.itemId) : undefined;
        if (delta === undefined || candidate.cosine === null) return candidate;
        return { ...candidate, cosine: applyItemDelta(candidate.cosine, dot(query.vector, delta.shift), delta) };
      }),
    );
  const crowded = improve(({ judged }, itemId) => !(itemId in judged.relevant));
  const newcomers = compareWays(queries, crowded, profile).fused;
  return {
    limits,
    ...compareWays(
      queries,
      improve(() => true),
      profile,
    ),
    newcomers,
  };
}
