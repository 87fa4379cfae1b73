import { z } from 'zod';
import type { FineTuningMethod } from '../spec/index.ts';
import { adapterKeys, toAdapterSettings } from './adapter-settings.ts';
import { contrastive } from './contrastive.ts';
import { parseKeys } from './parse-settings.ts';

export const QueryAdapterSettings = z.strictObject({
  ...adapterKeys,
  tenant: z.string().min(1).max(64).nullable().default(null).describe('Only sessions and searches of this tenant'),
});

/** Moves queries by a low-rank map; what is stored stays, so that nothing is indexed anew. */
export const queryAdapter: FineTuningMethod = {
  specVersion: 1,
  name: 'query-adapter',
  title: 'Query adapter (no reindex)',
  parseSettings: (settings) => {
    const keys = parseKeys(QueryAdapterSettings, settings);
    return toAdapterSettings(keys, { side: 'query', tenant: keys.tenant });
  },
  selectExamples: contrastive.selectExamples,
};
