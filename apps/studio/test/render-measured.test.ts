import type { GoldenRun } from '@embedding-studio/contracts';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { registerExperimentCommand } from '../src/experiment/command.ts';
import { renderEstimate } from '../src/experiment/render-estimate.ts';
import { renderGolden, renderGoldenRun } from '../src/golden/render-golden.ts';

test('options of an estimate take their values', () => {
  const program = new Command();
  registerExperimentCommand(program);
  const options = program.commands[0]?.commands[0]?.options ?? [];
  expect(options.filter(({ required }) => !required).map(({ long }) => long)).toEqual(['--json']);
});

const value = { kind: 'estimated', mean: 0.2, lo: 0.1, hi: 0.3, draws: 90, effective: 41.7, covered: 0.5, clipped: 0 };

test('an estimate says what each estimator found, and why one says nothing', () => {
  const snips = { kind: 'insufficient', reason: '3 of the draws were rewarded, 5 are needed' } as const;
  const estimated = { ...value, kind: 'estimated' } as const;
  const text = renderEstimate({ places: 90, clickRate: 0.125, ips: estimated, snips, dr: estimated });
  expect(text.split('\n')).toEqual([
    'Explored places: 90; clicked as they were: 12.5 %',
    'IPS: 20.0 % (95 %: 10.0 % to 30.0 %), worth 41 draws, 50.0 % of its choices could have been drawn',
    'SNIPS: too little to say: 3 of the draws were rewarded, 5 are needed',
    'DR: 20.0 % (95 %: 10.0 % to 30.0 %), worth 41 draws, 50.0 % of its choices could have been drawn',
  ]);
  expect(renderEstimate({ places: 0, clickRate: null, ips: snips, snips, dr: snips })).toContain('as they were: –');
});

const at = new Date('2026-01-05T06:07:08Z');
const change = { runId: 'gol_0', queries: 12, mean: -0.05, lo: -0.08, hi: -0.02, isAlert: true };
const run: GoldenRun = {
  ...{ id: 'gol_1', at, collectionId: 'col_1', modelId: 'mdl_1', queries: 12 },
  ...{ ndcg10: 0.5, mrr10: 0.75, judged10: 0.9, change },
};

test('golden runs show scores, what they fell by, and a dash where there is nothing', () => {
  const alert = { runId: run.id, at, words: 'The golden set fell.' };
  const first = { ...run, id: 'gol_0', ndcg10: null, change: null };
  const policy = { every: 'week', dropMin: 0.02 } as const;
  const text = renderGolden({ runs: [run, first], policy, alert, isRunning: true });
  expect(text).toContain('once a week');
  expect(text).toContain('A run waits or is under way.');
  expect(text).toContain('ALERT of 2026-01-05 06:07: The golden set fell.');
  expect(text).toMatch(/col_1 +12 +0\.500 +0\.750 +90 % +−0\.050 \(95 %: −0\.080 to −0\.020, 12 queries\) {2}DROP/);
  expect(text).toMatch(/col_1 +12 +– +0\.750 +90 % +– \(nothing to compare with\)/);
  expect(renderGoldenRun(run)).toContain('nDCG@10   0.500  over 12 queries of col_1');
  expect(renderGoldenRun({ ...run, queries: 0, ndcg10: null })).toContain('Nobody has judged');
  expect(renderGolden({ runs: [], policy, alert: null, isRunning: false })).toContain('./studio golden run');
});
