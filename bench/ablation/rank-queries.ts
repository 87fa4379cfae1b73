import { type Candidate, defaultRankingProfile, type JudgedQuery } from '@embedding-studio/contracts';
import { fitFusion, fuseCandidates, ndcgAt } from '@embedding-studio/ml/ranking';
import type { AblationData } from './ablation-data.ts';
import type { WordLeg } from './word-leg.ts';

export interface ModelVectors {
  /** In the order of the data's items. */
  items: readonly Float32Array[];
  /** By text. */
  queries: ReadonlyMap<string, Float32Array>;
}

/** nDCG@10 of every query of a split, by meaning alone and by both legs. */
export interface SplitScores {
  vector: number[];
  fused: number[];
}

const depth = 100;
const seed = 1;

/** Weights of the fusion are fitted on validation queries; validation itself is therefore fitted to. */
export function scoreSplits(
  data: AblationData,
  { vectors, words }: { vectors: ModelVectors; words: WordLeg },
): Record<string, SplitScores> {
  const find = (query: JudgedQuery) => findCandidates(data, { query, vectors, words });
  const validation = data.validation.map((judged) => ({ judged, candidates: find(judged) }));
  const profile = fitFusion({ queries: validation, base: defaultRankingProfile, seed });
  const score = (judged: JudgedQuery, candidates: Candidate[]) => {
    const nearest = candidates.toSorted((a, b) => (b.cosine ?? -2) - (a.cosine ?? -2));
    return {
      vector: ndcgAt(idsOf(nearest), judged.relevant),
      fused: ndcgAt(idsOf(fuseCandidates(candidates, profile)), judged.relevant),
    };
  };
  const collect = (found: readonly { vector: number; fused: number }[]): SplitScores => ({
    vector: found.map(({ vector }) => vector),
    fused: found.map(({ fused }) => fused),
  });
  const scores = { val: collect(validation.map(({ judged, candidates }) => score(judged, candidates))) };
  const tests = data.splits.map(({ name, queries }) => [name, collect(queries.map((one) => score(one, find(one))))]);
  return { ...scores, ...Object.fromEntries(tests) };
}

const idsOf = (ranked: readonly { itemId: string }[]): string[] => ranked.map(({ itemId }) => itemId);

/** The best of each leg with both scores, as the collection store answers. */
function findCandidates(
  { items }: AblationData,
  { query, vectors, words }: { query: JudgedQuery; vectors: ModelVectors; words: WordLeg },
): Candidate[] {
  const vector = vectors.queries.get(query.text) ?? new Float32Array();
  const cosines = vectors.items.map((item) => dot(item, vector));
  const { scores, scale } = words.score(query.text);
  const near = best(
    cosines.map((score, at) => ({ at, score })),
    depth,
  );
  const named = best(
    [...scores].map(([at, score]) => ({ at, score })),
    depth,
  );
  return [...new Set([...near, ...named])].map((at) => ({
    itemId: items[at]?.id ?? '',
    cosine: cosines[at] ?? null,
    lexical: scores.get(at) ?? 0,
    lexicalScale: scale,
  }));
}

function best(scored: { at: number; score: number }[], count: number): number[] {
  return scored
    .sort((left, right) => right.score - left.score || left.at - right.at)
    .slice(0, count)
    .map(({ at }) => at);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] as number) * (right[at] as number);
  return sum;
}
