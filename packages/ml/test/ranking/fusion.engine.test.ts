import { type Candidate, defaultRankingProfile, type RankingProfile } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { listFusionSettings, scoreFusionGrid } from '../../src/ranking/fusion-grid.ts';
import {
  crossFit,
  drawFolds,
  type FusionQuery,
  fitFusion,
  fuseCandidates,
  meanMetrics,
  measureQuery,
  ndcgAt,
} from '../../src/ranking/index.ts';
import { drawQueries } from './fusion-cases.ts';

const base = defaultRankingProfile;
const candidate = (itemId: string, cosine: number | null, lexical: number): Candidate => ({
  itemId,
  cosine,
  lexical,
  lexicalScale: 10,
});
const order = (candidates: Candidate[], change: Partial<RankingProfile>) =>
  fuseCandidates(candidates, { ...base, ...change }).map(({ itemId }) => itemId);
const meanNdcg = (queries: readonly FusionQuery[], profile: RankingProfile) =>
  meanMetrics(
    queries.map(({ judged, candidates }) =>
      measureQuery(
        fuseCandidates(candidates, profile).map(({ itemId }) => itemId),
        judged,
      ),
    ),
  ).ndcg10;
const words: RankingProfile = { ...base, vectorWeight: 0 };
const meaning: RankingProfile = { ...base, vectorWeight: 1 };

describe('fuseCandidates', () => {
  const list = [candidate('a', 0.9, 0), candidate('b', 0.1, 8), candidate('c', 0.5, 4)];

  it('ranks by one leg alone at either end of the weight', () => {
    expect(order(list, { vectorWeight: 1 })).toEqual(['a', 'c', 'b']);
    expect(order(list, { vectorWeight: 0 })).toEqual(['b', 'c', 'a']);
  });

  it('scores as the profile says', () => {
    const [first] = fuseCandidates([candidate('a', 0.6, 5)], { ...base, vectorWeight: 0.25 });
    expect(first?.score).toBeCloseTo(0.25 * 0.6 + 0.75 * 0.5, 12);
    const ranked = fuseCandidates(list, { ...base, vectorWeight: 0.5, lexicalNorm: 'max', cosineNorm: 'minmax' });
    expect(ranked.map(({ itemId, score }) => [itemId, score])).toEqual([
      ['a', 0.5],
      ['c', 0.5],
      ['b', 0.5],
    ]);
  });

  it('treats a missing vector as the lowest cosine, not as an error', () => {
    for (const cosineNorm of ['none', 'minmax'] as const)
      expect(order([...list, candidate('n', null, 0)], { vectorWeight: 0.9, cosineNorm }).at(-1)).toBe('n');
    expect(order([candidate('y', null, 1), candidate('x', null, 2)], { vectorWeight: 0.5 })).toEqual(['x', 'y']);
  });

  it('gives the same order whatever the order of the input, ties by id', () => {
    const tied = ['d', 'b', 'a', 'c'].map((itemId) => candidate(itemId, 0.4, 2));
    expect(order(tied, {})).toEqual(['a', 'b', 'c', 'd']);
    expect(order([...tied].reverse(), {})).toEqual(['a', 'b', 'c', 'd']);
  });

  it('orders items without a matching word by meaning when words decide alone', () => {
    const unmatched = [candidate('a', 0.1, 0), candidate('b', 0.7, 0), candidate('c', 0.2, 3)];
    expect(order(unmatched, { vectorWeight: 0 })).toEqual(['c', 'b', 'a']);
  });

  it('survives an empty list and a query of unknown words', () => {
    expect(fuseCandidates([], base)).toEqual([]);
    expect(fuseCandidates([{ ...candidate('a', 0.5, 0), lexicalScale: 0 }], base)[0]?.score).toBeCloseTo(0.15, 12);
  });
});

describe('fusion grid', () => {
  it('scores every setting exactly as search would rank with it', () => {
    const queries = drawQueries({ count: 6, seed: 3, vectorSkill: 1, lexicalSkill: 1.5 });
    const settings = listFusionSettings(base);
    const grid = scoreFusionGrid(queries, settings);
    settings.forEach((setting, row) => {
      queries.forEach(({ judged, candidates }, column) => {
        const ranked = fuseCandidates(candidates, { ...base, ...setting }).map(({ itemId }) => itemId);
        expect(grid.scores[row]?.[column]).toBeCloseTo(ndcgAt(ranked, judged.relevant), 12);
      });
    });
  });

  it('holds both legs', () => {
    const weights = listFusionSettings(base).map(({ vectorWeight }) => vectorWeight);
    expect([weights[0], weights.at(-1)]).toEqual([0, 1]);
  });
});

describe('fitFusion', () => {
  it('beats both legs on unseen queries when they carry different knowledge', () => {
    const skills = { vectorSkill: 1.5, lexicalSkill: 1.5 };
    const profile = fitFusion({ queries: drawQueries({ count: 300, seed: 1, ...skills }), base, seed: 1 });
    const unseen = drawQueries({ count: 400, seed: 2, ...skills });
    expect(meanNdcg(unseen, profile)).toBeGreaterThan(meanNdcg(unseen, words) + 0.05);
    expect(meanNdcg(unseen, profile)).toBeGreaterThan(meanNdcg(unseen, meaning) + 0.05);
  });

  it('does not fall below words on unseen queries when vectors are much weaker, however few it is fitted on', () => {
    for (const count of [15, 30, 75]) {
      const losses: number[] = [];
      for (let seed = 0; seed < 6; seed++) {
        const fitted = drawQueries({ count, seed: 100 + seed, vectorSkill: 0.15, lexicalSkill: 2.6 });
        const unseen = drawQueries({ count: 100, seed: 500 + seed, vectorSkill: 0.15, lexicalSkill: 2.6 });
        losses.push(meanNdcg(unseen, words) - meanNdcg(unseen, fitFusion({ queries: fitted, base, seed })));
      }
      expect(Math.max(...losses)).toBeLessThan(0.01);
      expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeLessThan(0.002);
    }
  });

  it('uses vectors alone when words are blind', () => {
    const queries = drawQueries({ count: 200, seed: 9, vectorSkill: 3, lexicalSkill: 0 });
    const profile = fitFusion({ queries, base, seed: 1 });
    expect(profile.vectorWeight).toBeGreaterThanOrEqual(0.75);
    const unseen = drawQueries({ count: 200, seed: 10, vectorSkill: 3, lexicalSkill: 0 });
    expect(meanNdcg(unseen, profile)).toBeGreaterThan(meanNdcg(unseen, meaning) - 0.005);
  });

  it('keeps the given profile when there is next to nothing to fit on', () => {
    expect(fitFusion({ queries: [], base, seed: 1 })).toBe(base);
    const few = drawQueries({ count: 5, seed: 1, vectorSkill: 2, lexicalSkill: 0 });
    expect(fitFusion({ queries: few, base, seed: 1 })).toBe(base);
  });

  it('changes the weights only, and repeats itself', () => {
    const queries = drawQueries({ count: 60, seed: 4, vectorSkill: 1, lexicalSkill: 1 });
    const profile = fitFusion({ queries, base: { ...base, efSearch: 400 }, seed: 5 });
    expect(profile.lexical).toEqual(base.lexical);
    expect(profile.efSearch).toBe(400);
    expect(fitFusion({ queries, base: { ...base, efSearch: 400 }, seed: 5 })).toEqual(profile);
  });
});

describe('crossFit', () => {
  it('scores a query with a profile that does not depend on it', () => {
    const queries = drawQueries({ count: 40, seed: 8, vectorSkill: 2, lexicalSkill: 0.2 });
    const foldOf = drawFolds({ count: 40, folds: 2, seed: 3 });
    const own = foldOf.indexOf(0);
    // All relevant items of the queries in the same fold are declared otherwise: their own profile must not notice.
    const twisted = queries.map((query, index) =>
      foldOf[index] === 0 && index !== own
        ? { ...query, judged: { ...query.judged, relevant: { [query.candidates.at(-1)?.itemId ?? '']: 1 } } }
        : query,
    );
    const plain = crossFit({ queries, base, seed: 3, foldOf });
    const changed = crossFit({ queries: twisted, base, seed: 3, foldOf });
    expect(changed.scores[own]?.rankedIds).toEqual(plain.scores[own]?.rankedIds);
  });

  it('returns one score per query in input order and the profile fitted on all', () => {
    const queries = drawQueries({ count: 50, seed: 8, vectorSkill: 1, lexicalSkill: 1 });
    const result = crossFit({ queries, base, seed: 3 });
    expect(result.scores.map(({ queryId }) => queryId)).toEqual(queries.map(({ judged }) => judged.queryId));
    expect(result.profile).toEqual(fitFusion({ queries, base, seed: 3 }));
  });

  it('puts the same number of queries in each fold', () => {
    const folds = drawFolds({ count: 50, folds: 5, seed: 2 });
    for (let fold = 0; fold < 5; fold++) expect(folds.filter((other) => other === fold)).toHaveLength(10);
  });
});
