import { z } from 'zod';
import type { FineTuningMethod } from '../spec/index.ts';
import { adapterKeys, toAdapterSettings } from './adapter-settings.ts';
import { contrastive } from './contrastive.ts';
import { parseKeys } from './parse-settings.ts';

export const SharedAdapterSettings = z.strictObject(adapterKeys);

/** Moves queries and items by one low-rank map: the index is made anew by multiplying what is stored. */
export const sharedAdapter: FineTuningMethod = {
  specVersion: 1,
  name: 'shared-adapter',
  title: 'Adapter on both sides (no re-embedding)',
  parseSettings: (settings) =>
    toAdapterSettings(parseKeys(SharedAdapterSettings, settings), { side: 'both', tenant: null }),
  selectExamples: contrastive.selectExamples,
};
