import type { CollectionStore, JudgedQuery, RankingProfile } from '@embedding-studio/contracts';
import { createRandom, fuseCandidates, ndcgAt, shuffle } from '@embedding-studio/ml/ranking';
import { meanOf } from '@embedding-studio/stats';

type Lexical = RankingProfile['lexical'];

export interface FitLexicalInput {
  collections: Pick<CollectionStore, 'findCandidates'>;
  collectionId: string;
  queries: readonly JudgedQuery[];
  base: RankingProfile;
  seed: number;
  /** Default 250. */
  queriesMax?: number;
  signal?: AbortSignal;
}

const queriesMin = 20;
const depth = 20;
const concurrency = 3;
/** A setting that is no better on the first of the queries is not tried on the rest. */
const screenedQueries = 80;
/** Saturation grows with the weight of a title, else one title word would already saturate the score. */
const fieldWeights: Partial<Lexical>[] = [
  { titleWeight: 1, bodyWeight: 1, k1: 0.9 },
  { titleWeight: 3, bodyWeight: 1, k1: 1.5 },
  { titleWeight: 8, bodyWeight: 1, k1: 4 },
  { titleWeight: 16, bodyWeight: 1, k1: 8 },
];

function shapesOf({ k1 }: Lexical): Partial<Lexical>[] {
  return [{ k1: k1 / 2 }, { k1: k1 * 1.5 }, { titleB: 0.1 }, { titleB: 0.75 }, { bodyB: 0.2 }, { bodyB: 0.75 }];
}

/**
 * Field weights and saturation for this catalogue: first how much more a title counts than a body, then the shape.
 * A setting replaces the current one only when its gain in nDCG@10 exceeds its standard error. At most 11 settings.
 */
export async function fitLexical(input: FitLexicalInput): Promise<{ lexical: Lexical; ndcg10: number }> {
  const usable = input.queries.filter(({ relevant }) => Object.keys(relevant).length > 0);
  const queries = shuffle(usable, createRandom(input.seed)).slice(0, input.queriesMax ?? 250);
  let lexical = input.base.lexical;
  if (queries.length < queriesMin) return { lexical, ndcg10: meanOf(await measure(input, queries, lexical)) };
  let scores = await measure(input, queries, lexical);
  const stages = [() => fieldWeights, shapesOf];
  for (const stage of stages) {
    const start = lexical;
    const reference = scores;
    for (const change of stage(start)) {
      const setting = { ...start, ...change };
      const scored = await measureIfPromising({ input, queries, setting, scores });
      if (scored === null || meanOf(scored) <= meanOf(scores) || !isSteadyGain(scored, reference)) continue;
      lexical = setting;
      scores = scored;
    }
  }
  return { lexical, ndcg10: meanOf(scores) };
}

async function measureIfPromising(attempt: {
  input: FitLexicalInput;
  queries: readonly JudgedQuery[];
  setting: Lexical;
  scores: readonly number[];
}): Promise<number[] | null> {
  const { input, queries, setting, scores } = attempt;
  const first = await measure(input, queries.slice(0, screenedQueries), setting);
  if (meanOf(first) <= meanOf(scores.slice(0, screenedQueries))) return null;
  return [...first, ...(await measure(input, queries.slice(screenedQueries), setting))];
}

function isSteadyGain(scores: readonly number[], reference: readonly number[]): boolean {
  const gains = scores.map((score, index) => score - (reference[index] ?? 0));
  const mean = meanOf(gains);
  const variance = meanOf(gains.map((gain) => (gain - mean) ** 2));
  return mean > Math.sqrt(variance / gains.length);
}

async function measure(input: FitLexicalInput, queries: readonly JudgedQuery[], lexical: Lexical): Promise<number[]> {
  const scores = new Array<number>(queries.length).fill(0);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < queries.length; index = next++) {
      input.signal?.throwIfAborted();
      const judged = queries[index];
      if (judged) scores[index] = await measureOne(input, judged, lexical);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return scores;
}

async function measureOne(input: FitLexicalInput, judged: JudgedQuery, lexical: Lexical): Promise<number> {
  const { collections, collectionId, base } = input;
  const query = { collectionId, text: judged.text, vector: null, depth, lexical, efSearch: base.efSearch };
  const candidates = await collections.findCandidates(query);
  const ranked = fuseCandidates(candidates, { ...base, vectorWeight: 0 });
  return ndcgAt(
    ranked.map(({ itemId }) => itemId),
    judged.relevant,
  );
}
