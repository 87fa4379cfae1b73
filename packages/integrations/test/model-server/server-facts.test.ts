import { expect, it } from 'vitest';
import { parseIndex, parseStatistics } from '../../src/model-server/server-facts.ts';

it('reads the repository index of a Triton that has not loaded everything', () => {
  const answer = [
    { name: 'a', version: '1', state: 'READY' },
    { name: 'b' },
    { name: 'c', state: 'UNAVAILABLE', reason: 'no file' },
  ];
  expect(parseIndex(answer)).toEqual([
    { name: 'a', state: 'READY', reason: null },
    { name: 'b', state: 'UNAVAILABLE', reason: null },
    { name: 'c', state: 'UNAVAILABLE', reason: 'no file' },
  ]);
  expect(() => parseIndex({ error: 'x' })).toThrow(/cannot be read/);
});

it('reads the statistics of a Triton: means from its batches, no percentiles', () => {
  const size = (batch_size: number, count: number, ns: number) => ({ batch_size, compute_infer: { count, ns } });
  const version = {
    name: 'a',
    inference_count: 22,
    execution_count: 4,
    batch_stats: [size(1, 2, 4e6), size(10, 2, 16e6)],
  };
  expect(parseStatistics({ model_stats: [version] })).toEqual({
    ...{ runs: 4, rows: 22, meanMs: 5, p50Ms: null, p95Ms: null, rowsPerSecond: 1_100 },
  });
  const empty = { runs: 0, rows: 0, meanMs: null, p50Ms: null, p95Ms: null, rowsPerSecond: null };
  expect(parseStatistics({ model_stats: [{ name: 'a' }] })).toEqual(empty);
});
