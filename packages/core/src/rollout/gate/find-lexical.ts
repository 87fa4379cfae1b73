import type { Candidate, JudgedQuery, RankingProfile } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';

/** Deeper than a leg, so that items found by meaning get their word scores too. */
const depth = 400;
const concurrency = 3;

/** The word leg of every query; both sides share it, as words do not depend on the model. */
export async function findLexical(
  ctx: Ctx,
  options: { collectionId: string; queries: readonly JudgedQuery[]; profile: RankingProfile },
): Promise<Candidate[][]> {
  const { collectionId, queries, profile } = options;
  const found: Candidate[][] = queries.map(() => []);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < queries.length; index = next++) {
      ctx.signal?.throwIfAborted();
      const candidates = await ctx.deps.collections.findCandidates({
        collectionId,
        text: queries[index]?.text ?? '',
        vector: null,
        depth,
        lexical: profile.lexical,
        efSearch: profile.efSearch,
      });
      found[index] = [...candidates].sort((left, right) => right.lexical - left.lexical);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return found;
}
