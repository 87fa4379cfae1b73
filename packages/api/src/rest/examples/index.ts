import { clickstreamExamples } from './clickstream.ts';
import { dataSourceExamples } from './data-sources.ts';
import { improvementExamples } from './improvement.ts';
import { categoryCollectionExamples, itemTaskExamples } from './item-tasks.ts';
import { judgementExamples } from './judgements.ts';
import { lineageExamples } from './lineage.ts';
import { pluginExamples } from './plugins.ts';
import type { RouteExamples } from './route-examples.ts';
import { searchExamples } from './search.ts';
import { suggestionExamples } from './suggestions.ts';
import { taskExamples } from './tasks.ts';
import { vectordbExamples } from './vectordb.ts';

export * from './example-ids.ts';
export type { RouteExamples } from './route-examples.ts';

/** One input for every route: shown in the OpenAPI document and run by the contract suite. */
export const routeExamples: RouteExamples = {
  ...searchExamples,
  ...clickstreamExamples,
  ...improvementExamples,
  ...taskExamples,
  ...itemTaskExamples,
  ...categoryCollectionExamples,
  ...vectordbExamples,
  ...pluginExamples,
  ...lineageExamples,
  ...judgementExamples,
  ...dataSourceExamples,
  ...suggestionExamples,
};
