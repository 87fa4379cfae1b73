import { defineMethod, type FineTuningMethodPlugin, pluginApiVersion } from '../spec/index.ts';
import { ContrastiveSettings, contrastive } from './contrastive.ts';
import { MarginSettings, margin } from './margin.ts';
import { QueryAdapterSettings, queryAdapter } from './query-adapter.ts';
import { SharedAdapterSettings, sharedAdapter } from './shared-adapter.ts';

const facts = {
  apiVersion: pluginApiVersion,
  kind: 'fine-tuning-method',
  version: '1.0.0',
  needs: ['clicks'],
} as const;

/** The built-in methods, told as plugins. */
export const methodPlugins: readonly FineTuningMethodPlugin[] = [
  defineMethod({
    ...facts,
    ...{ id: contrastive.name, title: contrastive.title, method: contrastive },
    description:
      'Draws each query to what was clicked for it, away from the other items of the batch. The choice for most ' +
      'catalogues: it learns from clicks alone and needs no list on which something was passed over.',
    config: ContrastiveSettings,
  }),
  defineMethod({
    ...facts,
    ...{ id: margin.name, title: margin.title, method: margin },
    description:
      'Sets clicked items ahead of those that were looked at and passed over, by a fixed margin. For lists whose order ' +
      'is nearly right; sessions without a passed-over item teach it nothing.',
    config: MarginSettings,
  }),
  defineMethod({
    ...facts,
    ...{ id: queryAdapter.name, title: queryAdapter.title, method: queryAdapter },
    description:
      'Learns how to move queries towards what is clicked for them, in a minute or so, over the vectors that are stored ' +
      'already. Nothing is embedded or indexed anew, and a rollback takes effect with the next search.',
    config: QueryAdapterSettings,
  }),
  defineMethod({
    ...facts,
    ...{ id: sharedAdapter.name, title: sharedAdapter.title, method: sharedAdapter },
    description:
      'Moves queries and items by one map, learned over stored vectors. A new index is made by multiplying the stored ' +
      'vectors, without embedding any text again.',
    config: SharedAdapterSettings,
  }),
];
