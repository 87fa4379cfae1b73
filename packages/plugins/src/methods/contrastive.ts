import { sessionsToTrainingQueries } from '@embedding-studio/ml/clicks';
import { z } from 'zod';
import type { FineTuningMethod } from '../spec/index.ts';
import { aroundKeys, guide, pickAround, pickTerms, termKeys } from './loss-settings.ts';
import {
  applyRecipe,
  commonKeys,
  negativesPerQuery,
  parseKeys,
  temperature,
  worthSearching,
} from './parse-settings.ts';

export const ContrastiveSettings = z.strictObject({
  ...commonKeys,
  ...termKeys,
  ...aroundKeys,
  guide: guide.default('off').describe('base: an item that the base model ranks above the clicked one is no negative'),
  temperature: temperature.default(0.05).meta(worthSearching({ from: 0.02, to: 0.2, scale: 'log' })),
  negativesPerQuery: negativesPerQuery.default(1).meta(worthSearching({ from: 0, to: 4, isWhole: true })),
});

/**
 * In-batch InfoNCE over (query, clicked item), each example weighted by how satisfying the click was. The other items of
 * the batch are negatives, skipped ones among them; what was ever clicked for the query is masked.
 */
export const contrastive: FineTuningMethod = {
  specVersion: 1,
  name: 'contrastive',
  title: 'Contrastive (in-batch InfoNCE)',
  parseSettings: (settings) => {
    const keys = parseKeys(ContrastiveSettings, settings);
    const loss = {
      kind: 'contrastive',
      temperature: keys.temperature,
      negativesPerQuery: keys.negativesPerQuery,
    } as const;
    return { ...applyRecipe(keys), ...pickAround(keys), loss: { ...loss, ...pickTerms(keys) } };
  },
  selectExamples: (sessions, options) => {
    const { queries, dropped } = sessionsToTrainingQueries(sessions, options);
    return { queries, dropped: { ...dropped } };
  },
};
