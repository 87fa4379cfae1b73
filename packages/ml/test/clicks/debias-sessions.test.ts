import { describe, expect, it } from 'vitest';
import { sessionsToTrainingQueries } from '../../src/clicks/index.ts';
import { makeSession } from './session-cases.ts';

const propensities = [1, 0.5, 0.4, 0.3, 0.25, 0.2];
const weightsOf = (queries: { clicked: { itemId: string; weight: number }[] }[]) =>
  queries.map(({ clicked }) => clicked.map(({ itemId, weight }) => [itemId, Number(weight.toFixed(4))]));

describe('training queries with propensities', () => {
  it('weigh the clicks of a query against each other over all of its sessions', () => {
    const sessions = [
      makeSession({ id: '1', clicked: ['a'] }),
      makeSession({ id: '2', query: 'Red shoes!', clicked: ['f'] }),
    ];
    const { queries } = sessionsToTrainingQueries(sessions, { propensities });
    // 1/θ is 1 and 5; a click without known dwell weighs .5, so that 1 is shared out.
    expect(weightsOf(queries)).toEqual([[['a', 0.1667]], [['f', 0.8333]]]);
    expect(weightsOf(sessionsToTrainingQueries(sessions).queries)).toEqual([[['a', 0.5]], [['f', 0.5]]]);
  });

  it('leave a query with one click alone', () => {
    const { queries } = sessionsToTrainingQueries([makeSession({ clicked: ['f'] })], { propensities });
    expect(weightsOf(queries)).toEqual([[['f', 0.5]]]);
  });

  it('do not weigh ranks of lists in random or unknown order', () => {
    for (const order of ['random', 'unknown']) {
      const { queries } = sessionsToTrainingQueries([makeSession({ clicked: ['a', 'f'], searchMeta: { order } })], {
        propensities,
      });
      expect(weightsOf(queries)).toEqual([
        [
          ['a', 0.5],
          ['f', 0.5],
        ],
      ]);
    }
  });

  it('count ranks over all pages of a list', () => {
    const first = makeSession({ id: '1', shown: ['a', 'b'], clicked: ['a'] });
    const later = makeSession({ id: '2', shown: ['c', 'd'], clicked: ['c'], searchMeta: { offset: 4 } });
    const [one, other] = sessionsToTrainingQueries([first, later], { propensities }).queries;
    expect((other?.clicked[0]?.weight ?? 0) / (one?.clicked[0]?.weight ?? 1)).toBeCloseTo(4, 9);
  });
});
