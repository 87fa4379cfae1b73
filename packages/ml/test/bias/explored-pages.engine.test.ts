import { describe, expect, it } from 'vitest';
import { countImpressions, harvestInterventions, measurePropensities, readPages } from '../../src/bias/index.ts';
import { estimated, largestError, theta, visit } from './make-visits.ts';

const explored = visit({
  policy: { kind: 'explored', count: 3, reach: 4, from: 4 },
  ...{ queries: 400, visits: 12, seed: 8 },
});
const blind = countImpressions(explored.found.pages.map(({ drawn: _, ...page }) => page));

describe('pages with an explored place', () => {
  it('show where the item was drawn from, on every page', () => {
    expect(explored.found.pages.every(({ drawn }) => drawn !== undefined && drawn.rank >= 4)).toBe(true);
    expect(explored.opened.table.draws).toHaveLength(400 * 12);
  });

  it('bring θ of users whose way of looking is known nearer than the same pages without the propensities', () => {
    const [withDraws, without] = [explored.opened.table, blind].map((table) => estimated(harvestInterventions(table)));
    const error = largestError(withDraws?.theta ?? [], theta);
    expect(error).toBeLessThan(0.06);
    expect(error).toBeLessThan(largestError(without?.theta ?? [], theta));
    expect(withDraws?.draws).toBe(4_800);
  });

  it('give the ratios of the drawn ranks even where every query came once', () => {
    const once = visit({ policy: { kind: 'explored', count: 1, reach: 0, from: 4 }, queries: 2_500, visits: 1 });
    expect(harvestInterventions(once.opened.table)).toMatchObject({ reason: /rank 1/ });
    const shifted = countImpressions(
      once.found.pages.map((page) => ({
        ...page,
        items: page.items.filter(({ rank }) => rank >= 4).map((item) => ({ ...item, rank: item.rank - 3 })),
        drawn: page.drawn && { rank: page.drawn.rank - 3, from: 1, to: 7 },
      })),
    );
    const harvest = estimated(harvestInterventions(shifted));
    const relative = theta.slice(3).map((value) => value / (theta[3] ?? 1));
    expect(harvest.movedPairs).toBe(0);
    expect(largestError(harvest.theta, relative)).toBeLessThan(0.15);
  });

  it('are named among the grounds of the curve', () => {
    const curve = measurePropensities(explored.found, { resamples: 0 });
    expect(curve.method).toBe('harvesting');
    expect(curve.reason).toContain('4800 results were put at a drawn rank by exploration');
  });
});

it('a propensity without the ranks it was drawn from is no draw', () => {
  const at = new Date('2026-01-01');
  const session = {
    ...{ sessionId: 's', query: 'q', createdAt: at, isIrrelevant: false, batchId: 'b', sessionNumber: 1, events: [] },
    shown: ['a', 'b', 'c', 'd', 'e'].map((itemId, index) => ({ itemId, ...(index === 3 && { propensity: 0.01 }) })),
  };
  const drawnOf = (exploration?: unknown) => readPages([{ ...session, searchMeta: { exploration } }]).pages[0]?.drawn;
  expect(drawnOf({ from: 4, to: 5 })).toEqual({ rank: 4, from: 4, to: 5 });
  expect(drawnOf(undefined)).toBeUndefined();
  expect(drawnOf({ from: 5, to: 5 })).toBeUndefined();
  expect(drawnOf({ from: '4', to: 5 })).toBeUndefined();
});
