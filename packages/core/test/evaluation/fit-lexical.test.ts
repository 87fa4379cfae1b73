import { type CandidateQuery, defaultRankingProfile, type FoundCandidate } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { fitLexical } from '../../src/evaluation/index.ts';

const queries = Array.from({ length: 40 }, (_, index) => ({
  queryId: `q${index}`,
  text: `q${index}`,
  relevant: { [`q${index}-title`]: 1 },
  judged: [],
}));

/** Every query has an item with its word in the title and one with it three times in the body. */
function storeOf(log: CandidateQuery[]) {
  return {
    findCandidates: async (query: CandidateQuery): Promise<FoundCandidate[]> => {
      log.push(query);
      const { titleWeight, bodyWeight } = query.lexical;
      return [
        {
          itemId: `${query.text}-title`,
          cosine: null,
          lexical: titleWeight,
          lexicalScale: 10,
          vectorRank: null,
          lexicalRank: 1,
        },
        {
          itemId: `${query.text}-body`,
          cosine: null,
          lexical: 5 * bodyWeight,
          lexicalScale: 10,
          vectorRank: null,
          lexicalRank: 1,
        },
      ];
    },
  };
}

describe('fitLexical', () => {
  const base = defaultRankingProfile;

  it('finds the field weights that rank the wanted item first, by words alone', async () => {
    const log: CandidateQuery[] = [];
    const fitted = await fitLexical({ collections: storeOf(log), collectionId: 'col_1', queries, base, seed: 1 });
    expect(fitted.lexical.titleWeight / fitted.lexical.bodyWeight).toBeGreaterThan(5);
    expect(fitted.ndcg10).toBe(1);
    expect(log.every(({ vector, collectionId }) => vector === null && collectionId === 'col_1')).toBe(true);
    expect(log.length).toBeLessThanOrEqual(12 * queries.length);
  });

  it('keeps the current weights where others are no better, or there is too little to tell', async () => {
    const alike = queries.map((query) => ({
      ...query,
      relevant: { [`${query.text}-title`]: 1, [`${query.text}-body`]: 1 },
    }));
    const collections = storeOf([]);
    expect((await fitLexical({ collections, collectionId: 'c', queries: alike, base, seed: 1 })).lexical).toEqual(
      base.lexical,
    );
    const few = queries.slice(0, 10);
    expect((await fitLexical({ collections, collectionId: 'c', queries: few, base, seed: 1 })).lexical).toEqual(
      base.lexical,
    );
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(
      fitLexical({ collections: storeOf([]), collectionId: 'c', queries, base, seed: 1, signal }),
    ).rejects.toThrow(/abort/i);
  });
});
