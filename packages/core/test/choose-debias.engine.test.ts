import { measureInThread, simulateVisits } from '@embedding-studio/ml/bias';
import { sessionsToTrainingQueries } from '@embedding-studio/ml/clicks';
import { describe, expect, it } from 'vitest';
import { chooseDebias, measureCurve } from '../src/fine-tuning/choose-debias.ts';
import { formatBias } from '../src/fine-tuning/training-words.ts';

const theta = [1, 0.5, 0.33, 0.25, 0.2, 0.17];
const queries = Array.from({ length: 30 }, (_, number) => ({
  query: `query ${number}`,
  items: theta.map((_each, index) => ({ itemId: `i${index}`, attraction: 0.6 - 0.08 * ((index + number) % 6) })),
}));
const visits = (policy: Parameters<typeof simulateVisits>[0]['policy']) =>
  simulateVisits({ ...{ queries, policy, user: { kind: 'pbm', theta } }, visitsPerQuery: 60, pageSize: 6, seed: 2 })
    .sessions;
const ranked = visits({ kind: 'rankers', count: 3, reach: 4 });

describe('debias: auto', () => {
  it('corrects by a curve that items at several ranks bear out, and says so', () => {
    const debias = chooseDebias(ranked, 'auto');
    expect(debias).toMatchObject({ isApplied: true, curve: { method: 'harvesting' } });
    expect(debias.options.propensities).toEqual(debias.curve.points.map((point) => point.theta));
    const plain = sessionsToTrainingQueries(ranked).queries;
    const weighed = sessionsToTrainingQueries(ranked, debias.options).queries;
    const total = (of: typeof plain) =>
      of.flatMap(({ clicked }) => clicked).reduce((sum, { weight }) => sum + weight, 0);
    expect(total(weighed)).toBeCloseTo(total(plain), 6);
    expect(weighed).not.toEqual(plain);
    expect(formatBias(debias)).toMatch(/Rank 6 is looked at 0\.\d\d times as often as rank 1 \(harvesting\)/);
  });

  it('leaves clicks alone where bias and merit cannot be told apart, where there is too little, and when it is off', () => {
    const fixed = chooseDebias(visits({ kind: 'fixed' }), 'auto');
    expect(fixed).toMatchObject({
      isApplied: false,
      options: {},
      curve: { method: 'click_rates' },
      reason: /do not tell/,
    });
    expect(chooseDebias([], 'auto')).toMatchObject({ isApplied: false, curve: { method: 'flat', points: [] } });
    for (const setting of ['off', undefined] as const)
      expect(chooseDebias(ranked, setting)).toMatchObject({ isApplied: false, options: {}, reason: /debias is off/ });
  });

  it('is measured in a thread as in place', async () => {
    const inThread = await measureInThread(ranked, { seed: 1, resamples: 10 });
    expect(inThread).toEqual(measureCurve(ranked, 10));
    await expect(measureInThread(ranked, {}, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
