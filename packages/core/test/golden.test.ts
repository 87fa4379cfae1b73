import type { GoldenChange, GoldenRun, GoldenScore } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { compareScores } from '../src/golden/compare-scores.ts';
import { chooseAlert } from '../src/golden/get-golden-runs.ts';
import { periodOf } from '../src/golden/request-golden-run.ts';
import { scoreQuery } from '../src/golden/score-query.ts';

const scoresOf = (values: number[], gradesHash = 'same'): GoldenScore[] =>
  values.map((ndcg10, at) => ({ queryKey: `q${at}`, ndcg10, mrr10: 0, judged10: 1, gradesHash }));

describe('a query of the golden set', () => {
  const query = { queryKey: 'q', query: 'q', gradesHash: 'h', grades: { best: 3, good: 0.5, bad: 0 } };
  it('is scored by its first ten: gain, first relevant one, share judged', () => {
    const { ndcg10, mrr10, judged10 } = scoreQuery(query, ['bad', 'best', 'other', 'good']);
    const ideal = 3 + 0.5 / Math.log2(3);
    expect(ndcg10).toBeCloseTo((3 / Math.log2(3) + 0.5 / Math.log2(5)) / ideal, 12);
    expect(mrr10).toBe(0.5);
    expect(judged10).toBe(0.75);
  });

  it('finds nothing where nothing relevant is among the first ten', () => {
    const ids = [...Array.from({ length: 10 }, (_, at) => `x${at}`), 'best'];
    expect(scoreQuery(query, ids)).toMatchObject({ ndcg10: 0, mrr10: 0, judged10: 0 });
    expect(scoreQuery(query, [])).toMatchObject({ ndcg10: 0, mrr10: 0, judged10: 0 });
  });
});

describe('two runs', () => {
  const high = scoresOf(Array.from({ length: 40 }, (_, at) => 0.8 + (at % 5) * 0.01));

  it('raise an alert where the second falls beyond chance and by more than is allowed', () => {
    const low = high.map((score, at) => ({ ...score, ndcg10: score.ndcg10 - 0.05 - (at % 3) * 0.01 }));
    const change = compareScores(high, low, 0.02);
    expect(change).toMatchObject({ queries: 40, isAlert: true });
    expect(change?.hi).toBeLessThan(0);
    expect(compareScores(high, low, 0.1)?.isAlert).toBe(false);
    expect(compareScores(low, high, 0.02)?.isAlert).toBe(false);
  });

  it('raise none where chance explains the fall', () => {
    const noisy = high.map((score, at) => ({ ...score, ndcg10: score.ndcg10 + (at % 2 === 0 ? 0.3 : -0.36) }));
    const change = compareScores(high, noisy, 0.02);
    expect(change?.mean).toBeCloseTo(-0.03, 6);
    expect(change?.isAlert).toBe(false);
  });

  it('are compared on queries that both asked by the same grades, and on five at least', () => {
    const low = high.map((score) => ({ ...score, ndcg10: 0 }));
    const judgedAnew = low.map((score, at) => (at < 30 ? { ...score, gradesHash: 'new' } : score));
    expect(compareScores(high, judgedAnew, 0.02)?.queries).toBe(10);
    expect(compareScores(high.slice(0, 4), low, 0.02)).toBeNull();
  });
});

describe('the notice of a drop', () => {
  const now = new Date('2026-03-10T00:00:00Z');
  const runOf = (daysAgo: number, ndcg10: number, change: Partial<GoldenChange> | null = null): GoldenRun => ({
    ...{ id: `r${daysAgo}`, at: new Date(now.getTime() - daysAgo * 86_400_000), collectionId: 'c', modelId: 'm' },
    ...{ queries: 40, ndcg10, mrr10: 1, judged10: 1 },
    change: change && { runId: 'before', queries: 40, mean: 0, lo: 0, hi: 0, isAlert: false, ...change },
  });
  const drop = { mean: -0.1, lo: -0.15, hi: -0.05, isAlert: true };

  it('stands until the search is as good again, or for a week', () => {
    expect(chooseAlert([runOf(1, 0.7), runOf(2, 0.7, drop), runOf(3, 0.8)], now)).toMatchObject({
      runId: 'r2',
      words: 'The golden set fell by 0.100 nDCG@10 (95 % interval −0.150 to −0.050) on 40 queries.',
    });
    expect(chooseAlert([runOf(1, 0.81), runOf(2, 0.7, drop)], now)).toBeNull();
    expect(chooseAlert([runOf(8, 0.7, drop)], now)).toBeNull();
    expect(chooseAlert([runOf(1, 0.7, {}), runOf(2, 0.8)], now)).toBeNull();
  });
});

it.each([
  ['2026-03-09T00:00:00Z', 'day', 'day:2026-03-09'],
  ['2026-03-09T00:00:00Z', 'week', 'week:2026-03-09'],
  ['2026-03-15T23:59:59Z', 'week', 'week:2026-03-09'],
  ['2026-03-16T00:00:00Z', 'week', 'week:2026-03-16'],
  ['2026-03-16T00:00:00Z', 'off', null],
] as const)('%s belongs, %s by %s, to %s', (time, every, period) => {
  expect(periodOf(new Date(time), every)).toBe(period);
});
