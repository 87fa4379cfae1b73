import { TierName } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { FineTuningMethod } from '../spec/index.ts';
import { adapterKeys } from './adapter-settings.ts';
import { ContrastiveSettings, contrastive } from './contrastive.ts';
import { parseKeys } from './parse-settings.ts';
import { queryAdapter } from './query-adapter.ts';
import { sharedAdapter } from './shared-adapter.ts';

const order = TierName.options;

export const AutoSettings = ContrastiveSettings.extend({
  tiers: z
    .array(TierName)
    .min(1)
    .max(order.length)
    .default([...order])
    .describe('What is tried: T0 weights, T1 query adapter, T2 adapter on both sides, T3 encoder'),
  rank: adapterKeys.rank,
  ridge: adapterKeys.ridge,
});

/** Tries the cheap ways first and takes a dearer one only where it is better beyond chance. */
export const auto: FineTuningMethod = {
  specVersion: 1,
  name: 'auto',
  title: 'Automatic choice of tier',
  parseSettings: (settings) => {
    const { tiers, rank, ridge, seed, debias } = parseKeys(AutoSettings, settings);
    const { tiers: _tiers, rank: _rank, ridge: _ridge, ...encoder } = settings;
    const adapter = { rank, ridge, seed, debias };
    return {
      ...contrastive.parseSettings(encoder),
      tiers: {
        tried: order.filter((tier) => tiers.includes(tier)),
        queries: queryAdapter.parseSettings(adapter),
        both: sharedAdapter.parseSettings(adapter),
      },
    };
  },
  selectExamples: contrastive.selectExamples,
};
