import type { FoundCandidate, JudgedQuery, RankingProfile } from '@embedding-studio/contracts';
import { StudioError } from '@embedding-studio/contracts';
import { type Ctx, searchItems } from '@embedding-studio/core';
import { depthFor, rankBlocks } from '@embedding-studio/ml/ranking';
import {
  type Dataset,
  isValidation,
  judgeQueries,
  listTestSplits,
  type NamedSplit,
} from '../../apps/studio/src/datasets/index.ts';

/** A query that nothing was learned from, with what the live collection finds for it. */
export interface HeldOutQuery {
  judged: JudgedQuery;
  vector: Float32Array;
  candidates: FoundCandidate[];
}

export const listed = 10;
const lanes = 3;
const compared = 40;

/** Settings are chosen on the first split, `val`; the others are only reported. */
export function listHeldOut(dataset: Dataset): NamedSplit[] {
  const validation = dataset.queries.filter(({ split }) => isValidation(split));
  return [{ name: 'val', queries: judgeQueries(dataset, validation) }, ...listTestSplits(dataset)];
}

/** Each distinct query once: embedded, and its candidates as a search would get them. */
export async function findHeldOut(ctx: Ctx, splits: readonly NamedSplit[]): Promise<Map<string, HeldOutQuery>> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live === null) throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing is live.');
  const { collection } = live;
  const distinct = [...new Map(splits.flatMap(({ queries }) => queries).map((each) => [each.queryId, each])).values()];
  const vectors = await embedTexts(ctx, { modelId: collection.modelId, texts: distinct.map(({ text }) => text) });
  const found = new Map<string, HeldOutQuery>();
  await inLanes(distinct, async (judged, at) => {
    const vector = vectors[at] ?? new Float32Array(collection.dims);
    found.set(judged.queryId, { judged, vector, candidates: await findCandidates(ctx, { text: judged.text, vector }) });
  });
  return found;
}

export async function findCandidates(
  ctx: Ctx,
  query: { text: string; vector: Float32Array },
): Promise<FoundCandidate[]> {
  const live = await ctx.deps.collections.recallLiveCollection();
  if (live === null) return [];
  const { id: collectionId, ranking } = live.collection;
  const depth = depthFor(listed);
  return ctx.deps.collections.findCandidates({
    ...{ ...query, collectionId, depth, lexical: ranking.lexical },
    efSearch: Math.max(ranking.efSearch, depth),
  });
}

export async function embedTexts(ctx: Ctx, { modelId, texts }: { modelId: string; texts: readonly string[] }) {
  const vectors: Float32Array[] = [];
  const size = ctx.deps.settings.embedBatch;
  for (let start = 0; start < texts.length; start += size)
    vectors.push(
      ...(await ctx.deps.encoder.embed({ modelId, texts: texts.slice(start, start + size), kind: 'query' })),
    );
  return vectors;
}

export async function inLanes<T>(all: readonly T[], work: (one: T, at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < all.length; at = next++) await work(all[at] as T, at);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export const rankIds = (candidates: readonly FoundCandidate[], profile: RankingProfile): string[] =>
  rankBlocks(candidates, profile).map(({ itemId }) => itemId);

/** What is measured is what users get: the verb answers with the same ten. */
export async function compareWithVerb(
  ctx: Ctx,
  queries: readonly HeldOutQuery[],
  rank: (query: HeldOutQuery) => Promise<string[]>,
): Promise<void> {
  for (const query of queries.slice(0, compared)) {
    const { hits } = await searchItems({ ctx, input: { query: query.judged.text, limit: listed } });
    const ranked = (await rank(query)).slice(0, listed);
    if (hits.some(({ itemId }, at) => itemId !== ranked[at]))
      throw new StudioError('VERIFICATION_FAILED', `search answers otherwise than measured: ${query.judged.text}`);
  }
}
