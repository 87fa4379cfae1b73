import type { RunRow } from '@embedding-studio/core';
import { describe, expect, it } from 'vitest';
import { linesOf, yRangeOf } from '../src/runs/chart-lines.ts';
import { diffRuns } from '../src/runs/diff-rows.ts';
import { createAxis, isInside, readBrushes, writeBrushes } from '../src/runs/parallel-axes.ts';

const runOf = (runId: string, params: Record<string, string>, metrics: Record<string, number>): RunRow => ({
  ...{ runId, name: runId, status: 'FINISHED', params, metrics, note: '', labels: [], parentRunId: null },
  ...{ startedAt: new Date(0), endedAt: new Date(1) },
});
const runs = [
  runOf('a', { lr: '0.001', kind: 'margin' }, { score: 1 }),
  runOf('b', { lr: '0.01', kind: 'contrastive' }, { score: 3 }),
  runOf('c', { lr: '0.1', kind: 'margin' }, {}),
];

describe('parallel coordinates', () => {
  const plain = { flipped: [], logAxes: [] };
  it('place numbers by size, on log axes by magnitude, flipped from the other end', () => {
    const places = (options: Parameters<typeof createAxis>[2]) => {
      const axis = createAxis('params.lr', runs, options);
      return runs.map((run) => Number(axis.place(run)?.toFixed(3)));
    };
    expect(places(plain)).toEqual([0, 0.091, 1]);
    expect(places({ ...plain, logAxes: ['params.lr'] })).toEqual([0, 0.5, 1]);
    expect(places({ logAxes: ['params.lr'], flipped: ['params.lr'] })).toEqual([1, 0.5, 0]);
  });

  it('place words by name, and runs without a value nowhere', () => {
    const axis = createAxis('params.kind', runs, plain);
    expect(runs.map((run) => axis.place(run))).toEqual([1, 0, 1]);
    expect(axis.ticks.map(({ label }) => label)).toEqual(['contrastive', 'margin']);
    expect(createAxis('metrics.score', runs, plain).place(runs[2] as RunRow)).toBeNull();
  });

  it('keep what is within every brushed range; a run without the value is outside', () => {
    const axes = ['params.lr', 'metrics.score'].map((key) =>
      createAxis(key, runs, { ...plain, logAxes: ['params.lr'] }),
    );
    const inside = (brush: string[]) =>
      runs.filter((run) => isInside(run, axes, readBrushes(brush))).map(({ runId }) => runId);
    expect(inside([])).toEqual(['a', 'b', 'c']);
    expect(inside(['params.lr:0.400:1.000'])).toEqual(['b', 'c']);
    expect(inside(['params.lr:0.400:1.000', 'metrics.score:0.000:1.000'])).toEqual(['b']);
  });

  it('write ranges into the address and read them back, colons in keys too', () => {
    const brushes = new Map([['params.a:b', [0.25, 0.5] as const]]);
    expect(readBrushes(writeBrushes(brushes))).toEqual(brushes);
    expect(readBrushes(['nonsense', 'a:x:y'])).toEqual(new Map());
  });
});

it('the diff tells equal rows from differing ones, and a missing value from an empty one', () => {
  const rows = diffRuns(runs.slice(0, 3));
  expect(rows.map(({ key, isEqual }) => [key, isEqual])).toEqual([
    ['kind', false],
    ['lr', false],
    ['score', false],
  ]);
  expect(rows[2]?.values).toEqual([1, 3, null]);
  expect(diffRuns([runs[0] as RunRow, runs[0] as RunRow]).every(({ isEqual }) => isEqual)).toBe(true);
});

describe('lines of a chart', () => {
  const options = { smoothing: 'none', strength: 0.5, baselineRunId: 'b', focusRunId: null } as const;
  const curves = new Map(runs.map(({ runId }, at) => [runId, { x: [0, 1, 2], y: [at, at + 1, at + 2] }]));
  const chartRuns = runs.map(({ runId, name, params }) => ({ runId, name, group: params.kind ?? null }));

  it('draw every run, the baseline strong', () => {
    const lines = linesOf(
      chartRuns.map((run) => ({ ...run, group: null })),
      curves,
      options,
    );
    expect(lines.map(({ id, emphasis }) => [id, emphasis])).toEqual([
      ['a', 'normal'],
      ['b', 'strong'],
      ['c', 'normal'],
    ]);
  });

  it('draw the mean and spread of each group', () => {
    const lines = linesOf(chartRuns, curves, options);
    expect(lines.map(({ label }) => label)).toEqual(['contrastive (1)', 'margin (2)']);
    const margin = lines[1];
    expect([margin?.y[0], margin?.band?.low[0], margin?.band?.high[0]]).toEqual([1, 0, 2]);
  });

  it('end the mean of a group where more than a fifth of its runs do not go on', () => {
    const far = Array.from({ length: 21 }, (_, at) => at);
    const long = new Map(curves).set('a', { x: far, y: far }).set('b', { x: far, y: far });
    const three = ['a', 'b', 'c'].map((runId) => ({ runId, name: runId, group: 'all' }));
    const [line] = linesOf(three, long, { ...options, smoothing: 'none' });
    const last = Array.from(line?.y ?? []).findLastIndex(Number.isFinite);
    expect(line?.x[last]).toBeLessThan(20);
    expect(line?.x[(line?.x.length ?? 0) - 1]).toBe(20);
  });

  it('leave single spikes out of the range only when asked to', () => {
    const y = Array.from({ length: 1_000 }, (_, at) => (at === 500 ? 1e6 : 1 + (at % 10) / 10));
    const line = { id: 'a', label: 'a', color: 1, x: y.map((_, at) => at), y };
    expect(yRangeOf([line], { outliers: true, isLogY: false })?.[1]).toBeLessThan(3);
    expect(yRangeOf([line], { outliers: false, isLogY: false })).toBeNull();
  });
});
