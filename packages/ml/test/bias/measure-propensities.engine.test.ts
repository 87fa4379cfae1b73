import { describe, expect, it } from 'vitest';
import { measurePropensities, type Pages, readPages, simulateVisits } from '../../src/bias/index.ts';
import { makeQueries, theta, visit } from './make-visits.ts';

const resamples = 30;
const shuffled = visit({ policy: { kind: 'random' }, queries: 30, visits: 80 });
const fixed = visit({ policy: { kind: 'fixed' }, queries: 150, visits: 4 });

describe('the curve chosen by itself', () => {
  it('is taken from pages in random order before all else, and holds the truth', () => {
    const curve = measurePropensities(shuffled.found, { resamples: 100 });
    expect(curve.method).toBe('randomised');
    const inside = curve.points.filter(
      ({ lo, hi, rank }) => (lo ?? 1) <= (theta[rank - 1] ?? 0) && (theta[rank - 1] ?? 0) <= (hi ?? 0),
    );
    expect(inside.length).toBeGreaterThanOrEqual(8);
    expect(curve.points.every(({ shown }) => shown === 2400)).toBe(true);
    expect(curve.effectiveClicks).toBeLessThan(curve.clicks);
  });

  it('comes from swaps, then from items that moved, then from EM with scores, each with its reason', () => {
    const swaps = visit({ policy: { kind: 'swaps', ranks: [1, 3, 5] }, queries: 100, visits: 10 });
    expect(measurePropensities(swaps.found, { resamples }).method).toBe('swaps');
    const rankers = visit({ policy: { kind: 'rankers', count: 3, reach: 5 }, queries: 20, visits: 50 });
    const harvested = measurePropensities(rankers.found, { resamples });
    expect(harvested).toMatchObject({ method: 'harvesting', reason: /pages in random order: 0 clicks/ });
    const scored = measurePropensities(fixed.found, { resamples: 3, scoreOf: fixed.relevanceOf });
    expect(scored).toMatchObject({ method: 'em', reason: /no item stood at two ranks/ });
  });

  it('falls back to click rates, which it calls too steep, and to none at all', () => {
    expect(measurePropensities(fixed.found, { resamples })).toMatchObject({
      method: 'click_rates',
      reason: /smaller than this/,
    });
    const few: Pages = { ...fixed.found, pages: fixed.found.pages.slice(0, 12) };
    const flat = measurePropensities(few, { resamples });
    expect(flat.method).toBe('flat');
    expect(flat.points.every(({ theta: value, lo }) => value === 1 && lo === null)).toBe(true);
    expect(flat.effectiveClicks).toBeCloseTo(flat.clicks, 9);
    expect(measurePropensities({ pages: [], dropped: { no_clicks: 2 }, unrendered: 0 })).toMatchObject({
      ...{ method: 'flat', points: [], clicks: 0, dropped: { no_clicks: 2 } },
    });
  });

  it('is the same for the same seed, and other bounds for another', () => {
    const once = measurePropensities(shuffled.found, { resamples, seed: 1 });
    expect(measurePropensities(shuffled.found, { resamples, seed: 1 })).toEqual(once);
    const other = measurePropensities(shuffled.found, { resamples, seed: 2 });
    expect(other.points.map((point) => point.theta)).toEqual(once.points.map((point) => point.theta));
    expect(other.points.map(({ lo }) => lo)).not.toEqual(once.points.map(({ lo }) => lo));
  });

  it('never rises in a list, and may in a grid', () => {
    const grid = [1, 0.5, 0.9, 0.3];
    const queries = makeQueries(30);
    const { sessions } = simulateVisits({
      ...{ queries, user: { kind: 'pbm', theta: grid }, policy: { kind: 'random' } },
      ...{ visitsPerQuery: 80, pageSize: 4, seed: 1 },
    });
    const found = readPages(sessions);
    const values = (layout: 'list' | 'grid') =>
      measurePropensities(found, { resamples, layout }).points.map((point) => point.theta);
    const list = values('list');
    expect(list.every((value, rank) => value <= (list[rank - 1] ?? 1))).toBe(true);
    expect(values('grid')[2]).toBeGreaterThan(values('grid')[1] ?? 1);
  });

  it('carries a value down to ranks where next to nothing was shown', () => {
    const [page] = shuffled.found.pages;
    const deep = { itemId: 'deep', rank: 14, outcome: 'passed', weight: 0 } as const;
    const pages = [
      ...shuffled.found.pages,
      { query: 'deep', isRandom: true, swapRank: null, items: [...(page?.items ?? []), deep] },
    ];
    const { points } = measurePropensities({ ...shuffled.found, pages }, { resamples });
    expect(points).toHaveLength(14);
    expect(
      points
        .slice(10)
        .every(({ isCarried, theta: value, lo }) => isCarried && value === points[9]?.theta && lo === null),
    ).toBe(true);
  });
});

describe('simulated visits', () => {
  it('look as often as told, repeat with the seed, and say that they are simulated', () => {
    const input = {
      ...({ queries: makeQueries(20), user: { kind: 'pbm', theta }, policy: { kind: 'fixed' } } as const),
      ...{ visitsPerQuery: 50, pageSize: 10, seed: 4 },
    };
    const { sessions, examined } = simulateVisits(input);
    examined.forEach((share, rank) => {
      expect(share).toBeCloseTo(theta[rank] ?? 0, 1);
    });
    expect(simulateVisits(input).sessions).toEqual(sessions);
    expect(simulateVisits({ ...input, seed: 5 }).sessions).not.toEqual(sessions);
    expect(
      sessions.every(
        ({ searchMeta, sessionId }) => searchMeta?.isSimulated === true && sessionId.startsWith('simulated-'),
      ),
    ).toBe(true);
  });
});
