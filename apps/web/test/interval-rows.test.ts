import type { ReadoutMetric, ReadoutResult } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { placeOf, reachOf, rowsOf, senseOf } from '../src/experiments/interval-rows';

function change(mean: number, half: number): ReadoutResult {
  const interval = { mean, lo: mean - half, hi: mean + half };
  return {
    ...{ kind: 'estimated', control: 1, value: 1 + mean, difference: interval, relative: interval },
    ...{ p: 0.01, adjustedP: 0.02, chanceToWin: null, expectedLoss: null, explained: null },
  };
}

const metricOf = (id: string) => ({
  title: id.toUpperCase(),
  better: id === 'place' ? ('down' as const) : ('up' as const),
});
const metric = (role: ReadoutMetric['role'], id: string, result: ReadoutResult): ReadoutMetric => ({
  ...{ metric: id, role, arms: [{ arm: 'new', result, isBreached: false }] },
});

describe('rows of the interval plot', () => {
  it('call a change good by the direction of its metric, and only beyond doubt', () => {
    expect(senseOf(change(0.1, 0.05), 'up')).toBe('better');
    expect(senseOf(change(0.1, 0.05), 'down')).toBe('worse');
    expect(senseOf(change(0.1, 0.15), 'up')).toBe('open');
    expect(senseOf({ kind: 'invalid', reason: 'x' }, 'up')).toBe('open');
  });

  it('draw the limit of a guardrail on its bad side', () => {
    const metrics = [metric('guardrail', 'ctr', change(0, 0.01)), metric('guardrail', 'place', change(0, 0.01))];
    const guardrails = [
      { metric: 'ctr', lossMax: 0.05 },
      { metric: 'place', lossMax: 0.02 },
    ];
    const rows = rowsOf(metrics, 'guardrail', { guardrails, metricOf });
    expect(rows.map(({ title, limit }) => [title, limit])).toEqual([
      ['CTR', -0.05],
      ['PLACE', 0.02],
    ]);
    expect(rowsOf(metrics, 'primary', { guardrails, metricOf })).toEqual([]);
  });

  it('show a breach as harm also where the interval reaches over zero', () => {
    const breached = metric('guardrail', 'ctr', change(-0.06, 0.1));
    const arms = breached.arms.map((arm) => ({ ...arm, isBreached: true }));
    const [row] = rowsOf([{ ...breached, arms }], 'guardrail', { guardrails: [], metricOf });
    expect(row).toMatchObject({ sense: 'worse', isBreached: true });
  });
});

describe('the scale of the interval plot', () => {
  it('holds every interval, and cuts off what would make the rest a dot', () => {
    const rows = rowsOf([metric('primary', 'ctr', change(0.1, 0.2))], 'primary', { guardrails: [], metricOf });
    const reach = reachOf(rows);
    expect(placeOf(0.3, reach).isCut).toBe(false);
    expect(placeOf(0, reach).percent).toBe(50);
    const wild = rowsOf([metric('primary', 'ctr', change(9, 20))], 'primary', { guardrails: [], metricOf });
    expect(reachOf(wild)).toBe(1);
    expect(placeOf(29, 1)).toEqual({ percent: 100, isCut: true });
    expect(reachOf([])).toBeGreaterThan(0);
  });
});
