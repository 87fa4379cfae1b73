import { sessionsToTrainingQueries } from '@embedding-studio/ml/clicks';
import { z } from 'zod';
import type { FineTuningMethod } from '../spec/index.ts';
import { aroundKeys, pickAround, pickTerms, termKeys } from './loss-settings.ts';
import {
  applyRecipe,
  commonKeys,
  negativesPerQuery,
  parseKeys,
  temperature,
  worthSearching,
} from './parse-settings.ts';

export const MarginSettings = z.strictObject({
  ...commonKeys,
  ...termKeys,
  ...aroundKeys,
  margin: z
    .number()
    .min(0)
    .max(2)
    .default(0.1)
    .meta(worthSearching({ from: 0.02, to: 0.4 })),
  temperature: temperature.default(0.05).meta(worthSearching({ from: 0.02, to: 0.2, scale: 'log' })),
  negativesPerQuery: negativesPerQuery
    .min(1)
    .default(5)
    .meta(worthSearching({ from: 1, to: 8, isWhole: true })),
});

const noSkipped = 'no_skipped';

/**
 * Sigmoid margin over every clicked × skipped pair of a query: the clicked item is to be nearer by `margin` (cosine).
 * Needs lists on which something was looked at and passed over; other sessions are dropped.
 */
export const margin: FineTuningMethod = {
  specVersion: 1,
  name: 'margin',
  title: 'Margin (clicked against skipped)',
  parseSettings: (settings) => {
    const keys = parseKeys(MarginSettings, settings);
    const { margin: gap, temperature: degree, negativesPerQuery: negatives } = keys;
    const loss = { kind: 'margin', margin: gap, temperature: degree, negativesPerQuery: negatives } as const;
    return { ...applyRecipe(keys), ...pickAround(keys), loss: { ...loss, ...pickTerms(keys) } };
  },
  selectExamples: (sessions, options) => {
    const { queries, dropped } = sessionsToTrainingQueries(sessions, options);
    const usable = queries.filter((query) => query.skipped.length > 0);
    const left = queries.length - usable.length;
    return { queries: usable, dropped: left > 0 ? { ...dropped, [noSkipped]: left } : { ...dropped } };
  },
};
