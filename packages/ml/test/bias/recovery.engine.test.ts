import { describe, expect, it } from 'vitest';
import {
  compareClickRates,
  compareRandomPages,
  compareSwaps,
  findSwaps,
  fitPbm,
  fitSdbn,
  groupRandomPages,
  harvestInterventions,
} from '../../src/bias/index.ts';
import { estimated, largestError, theta, visit } from './make-visits.ts';

const rankers = visit({ policy: { kind: 'rankers', count: 4, reach: 5 }, queries: 30, visits: 150 });
const shuffled = visit({ policy: { kind: 'random' }, queries: 30, visits: 150 });
const once = visit({ policy: { kind: 'fixed' }, queries: 2000, visits: 1 });

describe('users of a position-based model', () => {
  it('harvesting finds θ within .06 where several rankers served the same queries', () => {
    const harvest = estimated(harvestInterventions(rankers.opened.table));
    expect(largestError(harvest.theta, theta)).toBeLessThan(0.06);
    expect(harvest.isMeasured.every(Boolean)).toBe(true);
    expect(harvest.movedPairs).toBeGreaterThan(200);
  });

  it('plain click rates take the merit of the ranker for bias there', () => {
    const rates = estimated(compareClickRates(rankers.opened.table));
    expect(largestError(rates.theta, theta)).toBeGreaterThan(0.1);
    expect(rates.theta.every((value, rank) => value <= (theta[rank] ?? 0) + 0.02)).toBe(true);
  });

  it('pages in random order give θ within .05 by their clicks alone', () => {
    const curve = estimated(compareRandomPages(groupRandomPages(shuffled.found.pages)));
    expect(largestError(curve.theta, theta)).toBeLessThan(0.05);
  });

  it('drawn swaps of the first result give θ within .1 even where each query comes but four times', () => {
    const ranks = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const { found } = visit({ policy: { kind: 'swaps', ranks }, queries: 1200, visits: 4 });
    expect(largestError(estimated(compareSwaps(findSwaps(found.pages))).theta, theta)).toBeLessThan(0.1);
  });

  it('EM finds θ within .05 where many items moved and scores say what to expect', () => {
    const scoreOf = rankers.relevanceOf;
    const fit = estimated(fitPbm(rankers.opened.table, { scoreOf }));
    expect(largestError(fit.theta, theta)).toBeLessThan(0.05);
    expect(fit.isConverged).toBe(true);
    expect(Number.isFinite(fit.logLikelihood)).toBe(true);
  });

  it('queries that come once count through regression-EM: θ within .1, where nothing else can tell', () => {
    const odds = (query: string, itemId: string) => {
      const chance = once.relevanceOf(query, itemId);
      return Math.log(chance / (1 - chance));
    };
    const fit = estimated(fitPbm(once.opened.table, { scoreOf: odds, tolerance: 1e-4 }));
    expect(largestError(fit.theta, theta)).toBeLessThan(0.1);
    expect(fit.priorStrength).toBeGreaterThan(100);
    expect(harvestInterventions(once.opened.table)).toMatchObject({ kind: 'insufficient' });
    const blind = estimated(fitPbm(once.opened.table, { tolerance: 1e-4 }));
    expect(largestError(blind.theta, theta)).toBeGreaterThan(largestError(fit.theta, theta));
  });

  it('the fitted relevance of a pair comes near its own where it was shown often', () => {
    const { table } = rankers.opened;
    const { gamma } = estimated(fitPbm(table, { scoreOf: rankers.relevanceOf }));
    const errors = table.pairs.itemIds.map((itemId, pair) => {
      const query = table.queries[table.pairs.queryOf[pair] ?? 0] ?? '';
      return Math.abs((gamma[pair] ?? 0) - rankers.relevanceOf(query, itemId));
    });
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.05);
  });

  it('what the viewport says was not seen is no proof against an item', () => {
    const { table } = rankers.opened;
    const unseen = table.cells.shown.map((shown, cell) => shown - (table.cells.clicks[cell] ?? 0));
    const blind = { ...table, cells: { ...table.cells, unseen } };
    const { gamma } = estimated(fitPbm(blind, { priorStrength: 1e-6 }));
    const clicked = gamma.filter((_, pair) => {
      const [start, end] = [table.pairs.start[pair] ?? 0, table.pairs.start[pair + 1] ?? 0];
      return table.cells.clicks.subarray(start, end).some((count) => count > 0);
    });
    expect(Math.min(...clicked)).toBeGreaterThan(0.99);
  });
});

describe('users who go down the list', () => {
  it('pages in random order give how far they get on average, though whether they get there hangs on the page', () => {
    const { found, examined } = visit({
      policy: { kind: 'random' },
      queries: 30,
      visits: 200,
      user: { kind: 'cascade' },
    });
    const curve = estimated(compareRandomPages(groupRandomPages(found.pages)));
    const relative = examined.map((share) => share / (examined[0] ?? 1));
    expect(largestError(curve.theta, relative)).toBeLessThan(0.1);
  });

  it('sDBN follows a cascade: where it stops, and what drew the click', () => {
    const { found, examined, relevanceOf } = visit({
      ...{ policy: { kind: 'rankers', count: 4, reach: 5 }, queries: 30, visits: 150, user: { kind: 'cascade' } },
    });
    const fit = estimated(fitSdbn(found.pages));
    expect(largestError(fit.theta, examined)).toBeLessThan(0.05);
    const often = fit.pairs.filter((pair) => pair.examined >= 80);
    const errors = often.map((pair) => Math.abs(pair.attraction - relevanceOf(pair.query, pair.itemId)));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.06);
    expect(often.every(({ satisfaction }) => satisfaction > 0.6)).toBe(true);
  });

  it('sDBN finds attraction and contentment of DBN users who never give up', () => {
    const { queries, found, examined } = visit({
      ...{ policy: { kind: 'rankers', count: 4, reach: 5 }, queries: 20, visits: 250 },
      user: { kind: 'dbn', perseverance: 1 },
    });
    const fit = estimated(fitSdbn(found.pages));
    const truth = new Map(
      queries.flatMap(({ query, items }) => items.map((item) => [`${query} ${item.itemId}`, item])),
    );
    const often = fit.pairs.filter((pair) => pair.examined >= 150);
    expect(often.length).toBeGreaterThan(30);
    const errors = often.map(({ query, itemId, attraction, satisfaction }) => {
      const { attraction: a = 0, satisfaction: s = 0 } = truth.get(`${query} ${itemId}`) ?? {};
      return attraction * satisfaction - a * s;
    });
    expect(errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length).toBeLessThan(0.05);
    // A last click is taken for contentment, though some went on in vain: the curve is somewhat too steep.
    expect(largestError(fit.theta, examined)).toBeLessThan(0.13);
    expect(fit.theta.every((value, rank) => value <= (examined[rank] ?? 0) + 0.02)).toBe(true);
  });
});
