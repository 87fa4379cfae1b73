import { describe, expect, it } from 'vitest';
import { type Dataset, listFolds } from '../../src/datasets/index.ts';
import { buildReport } from '../../src/eval/build-report.ts';
import type { Measured } from '../../src/eval/measure-queries.ts';
import { mergeFolds } from '../../src/eval/merge-folds.ts';
import type { LoopOutcome } from '../../src/eval/run-loop.ts';

const measure = (values: Record<string, number>): Measured =>
  new Map(
    Object.entries(values).map(([queryId, ndcg10]) => {
      const means = { ndcg10, recall10: ndcg10, mrr10: ndcg10, cndcg10: ndcg10 };
      const judged = { queryId, text: queryId, relevant: { a: 1 }, judged: ['a'] };
      return [queryId, { judged, fused: means, fusedIds: ['a'], vector: means, lexical: means }];
    }),
  );

function makeTurn(before: Record<string, number>, after: Record<string, number>, accepted: boolean): LoopOutcome {
  const queries = Object.keys(before).map((queryId) => ({ queryId, text: queryId, relevant: { a: 1 }, judged: ['a'] }));
  return {
    splits: [{ name: 'test', queries }],
    before: measure(before),
    after: measure(after),
    unfitted: null,
    gate: { decision: accepted ? 'accepted' : 'rejected', reasons: ['Why.'] },
    tiers: null,
    isLive: accepted,
    evidence: '10 sessions of real clicks',
    timings: { gate: 2 },
  };
}

describe('turns of a cross-validation', () => {
  const turns = [
    { fold: 0, loop: makeTurn({ a: 0.2, b: 0.4, c: 0.6 }, { a: 0.4, b: 0.6, c: 0.8 }, true) },
    { fold: 1, loop: makeTurn({ d: 0.8 }, { d: 0.4 }, false) },
  ];
  const merged = mergeFolds(turns);

  it('count every query once, whatever the turns hold', () => {
    const { splits } = buildReport({ ...merged, dataset: 'd', model: 'm', seed: 1 });
    expect(splits.test).toMatchObject({ n: 4, wins: 3, losses: 1 });
    expect(splits.test?.before.ndcg10).toBeCloseTo(0.5, 12);
    expect(splits.test?.after.ndcg10).toBeCloseTo(0.55, 12);
    expect(splits.test?.delta.ndcg10.mean).toBeCloseTo(0.05, 12);
  });

  it('are accepted only together, and each says why', () => {
    expect(merged.gate).toEqual({
      decision: 'rejected',
      reasons: ['fold 0: accepted. Why.', 'fold 1: rejected. Why.'],
    });
    expect(mergeFolds(turns.slice(0, 1)).gate.decision).toBe('accepted');
  });

  it('add up their time', () => {
    expect(merged.timings).toEqual({ gate: 4 });
  });

  it('need two folds', () => {
    const makeDataset = (folds: number[]) =>
      ({ queries: folds.map((fold) => ({ id: `q${fold}`, text: 'q', split: 'train', fold })) }) as Dataset;
    expect(listFolds(makeDataset([2, 0, 2]))).toEqual([0, 2]);
    expect(() => listFolds(makeDataset([1]))).toThrow('all queries of queries.jsonl are of fold 1');
    expect(() => listFolds(makeDataset([]))).toThrow('no query of queries.jsonl has one');
  });
});
