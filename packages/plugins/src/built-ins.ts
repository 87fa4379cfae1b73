import { vectorAdjusters } from './adjusters/index.ts';
import { methodPlugins } from './methods/index.ts';
import { queryProcessors } from './query-processors/index.ts';
import { rankers } from './rankers/index.ts';
import type { AnyPlugin } from './spec/index.ts';

/** Every plugin that comes with the product and needs nothing injected. Ids are unique. */
export const builtInPlugins: readonly AnyPlugin[] = [
  ...methodPlugins,
  ...vectorAdjusters,
  ...queryProcessors,
  ...rankers,
];
