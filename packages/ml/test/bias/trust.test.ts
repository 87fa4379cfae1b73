import { describe, expect, it } from 'vitest';
import { correctTrust, fitTrust } from '../../src/bias/index.ts';
import { estimated, theta, visit } from './make-visits.ts';

const trusted = theta.map(() => 0.95);
const misled = theta.map((_, rank) => 0.4 / (rank + 1));
const user = { kind: 'trust', theta, trusted, misled } as const;
const alpha = theta.map((look, rank) => look * ((trusted[rank] ?? 0) - (misled[rank] ?? 0)));
const beta = theta.map((look, rank) => look * (misled[rank] ?? 0));
const shuffled = visit({ policy: { kind: 'random' }, queries: 60, visits: 150, user });

describe('trust bias', () => {
  it('is told from looking where the relevance of items is known: α and β within .08', () => {
    const fit = estimated(fitTrust(shuffled.opened.table, shuffled.relevanceOf));
    expect(fit.scale).toBe('relevance');
    fit.ranks.forEach((rank, index) => {
      expect(Math.abs((rank?.alpha ?? 9) - (alpha[index] ?? 0))).toBeLessThan(0.08);
      expect(Math.abs((rank?.beta ?? 9) - (beta[index] ?? 0))).toBeLessThan(0.04);
    });
  });

  it('is told relative to rank 1 where items also stood there, with counting noise taken out', () => {
    const fit = estimated(fitTrust(shuffled.opened.table));
    expect(fit.scale).toBe('rank 1');
    const [first] = [alpha[0] ?? 1];
    fit.ranks.forEach((rank, index) => {
      if (rank === null) return;
      const relative = (alpha[index] ?? 0) / first;
      expect(Math.abs(rank.alpha - relative)).toBeLessThan(0.2);
      expect(Math.abs(rank.beta - ((beta[index] ?? 0) - relative * (beta[0] ?? 0)))).toBeLessThan(0.12);
    });
    expect(fit.ranks.filter((rank) => rank !== null).length).toBeGreaterThan(5);
  });

  it('is not claimed where every item keeps its rank, or where all items are alike', () => {
    const fixed = visit({ policy: { kind: 'fixed' }, queries: 40, visits: 20, user });
    expect(fitTrust(fixed.opened.table)).toMatchObject({ kind: 'insufficient', reason: /rank 1/ });
    expect(fitTrust(shuffled.opened.table, () => 0.3)).toMatchObject({ kind: 'insufficient', reason: /relevance/ });
  });

  it('corrected clicks count relevance', () => {
    expect(correctTrust(0.4 * 100 * 0.5 + 0.1 * 100, 100, { alpha: 0.4, beta: 0.1, pairs: 9 })).toBeCloseTo(50, 9);
  });
});
