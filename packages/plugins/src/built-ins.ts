import { vectorAdjusters } from './adjusters/index.ts';
import { imageProcessors } from './image-processors/index.ts';
import { methodPlugins } from './methods/index.ts';
import { queryProcessors } from './query-processors/index.ts';
import { rankers } from './rankers/index.ts';
import type { AnyPlugin } from './spec/index.ts';
import { splitters } from './splitters/index.ts';
import { textProcessors } from './text-processors/index.ts';

/** Every plugin that comes with the product and needs nothing injected. Ids are unique. */
export const builtInPlugins: readonly AnyPlugin[] = [
  ...methodPlugins,
  ...vectorAdjusters,
  ...queryProcessors,
  ...rankers,
  ...textProcessors,
  ...splitters,
  ...imageProcessors,
];
