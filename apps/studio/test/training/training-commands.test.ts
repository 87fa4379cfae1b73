import { describe, expect, it } from 'vitest';
import { describeProgress } from '../../src/training/follow-training.ts';
import { formatSeconds } from '../../src/training/format-duration.ts';
import { parsePairs, parseRanges } from '../../src/training/parse-pairs.ts';
import { renderGate } from '../../src/training/render-gate.ts';

describe('settings on the command line', () => {
  it('take numbers, words, none and dotted paths', () => {
    expect(parsePairs(['learningRate=1e-4', 'trainable.kind=lora', 'trainable.rank=8', 'stepsMax=none'])).toEqual({
      ...{ learningRate: 0.0001, trainable: { kind: 'lora', rank: 8 }, stepsMax: null },
    });
    expect(parsePairs(['tiers=T1,', 'matryoshkaDims=64, 128'])).toEqual({ tiers: ['T1'], matryoshkaDims: [64, 128] });
  });

  it.each(['learningRate', '=1', ''])('are refused without key and value: "%s"', (pair) => {
    expect(() => parsePairs([pair])).toThrow('--settings takes key=value');
  });
});

describe('ranges on the command line', () => {
  it('are ends with a scale, or values', () => {
    expect(parseRanges(['rate=1e-6..1e-3:log', 'negatives=0..4:whole', 'batch=8,16', 'part=all'])).toEqual({
      rate: { from: 1e-6, to: 1e-3, scale: 'log', isWhole: false },
      negatives: { from: 0, to: 4, scale: 'linear', isWhole: true },
      batch: { values: [8, 16] },
      part: { values: ['all'] },
    });
  });

  it.each(['rate', 'rate=', 'rate=1..', 'rate=1..2:odd', '=1..2', 'rate=a..b'])('are refused: "%s"', (text) => {
    expect(() => parseRanges([text])).toThrow('--range takes key=from..to');
  });
});

it('progress is a line with share and time left', () => {
  const line = describeProgress({ done: 1_200, total: 4_800, note: 'loss 0.5', secondsLeft: 75 }, 'fine_tuning');
  expect(line).toBe('fine-tuning: 1,200 of 4,800 (25 %), 1 min 15 s left, loss 0.5');
  expect([formatSeconds(3_660), formatSeconds(59.6)]).toEqual(['1 h 1 min', '1 min 0 s']);
});

it('a verdict is printed with its reasons, segments, costs and worst losses', () => {
  const means = { ndcg10: 0.5, recall10: 0.5, mrr10: 0.5, cndcg10: 0.5 };
  const delta = { mean: -0.02, lo: -0.03, hi: -0.01 };
  const text = renderGate({
    words: 'Rejected: worse.',
    report: {
      ...{ decision: 'rejected', reasons: ['A segment loses.'], queries: 2_000, delta, unseen: null, anchor: null },
      ...{ before: means, after: means, wins: 1, ties: 0, losses: 2 },
      worst: [{ query: 'oak boots', before: 1, after: 0.2 }],
      segments: [
        { name: 'tail', queries: 1_200, before: 0.4, delta, p: 0.004, isLoss: true },
        { name: 'category: Drama', queries: 9, before: 0.4, delta, p: null, isLoss: false },
      ],
      latency: { queries: 100, before: { p50Ms: 4, p95Ms: 5 }, after: { p50Ms: 4, p95Ms: 6.25 } },
    },
  });
  expect(text).toContain('✗ A segment loses.');
  expect(text).toMatch(/tail +1,200 +0\.400 +−0\.020 \(−0\.030 to −0\.010\) +0\.004 +loses/);
  expect(text).toMatch(/category: Drama +9 .* too few/);
  expect(text).toMatch(/query encoding p95, ms +5\.0 +6\.3/);
  expect(text).toMatch(/1\.000 +0\.200 +oak boots/);
});
