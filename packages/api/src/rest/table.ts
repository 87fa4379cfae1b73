import type { RestRoute } from './route.ts';
import { categoryRoutes } from './routes/categories.ts';
import { categoryCollectionRoutes } from './routes/category-collections.ts';
import { clickstreamRoutes } from './routes/clickstream.ts';
import { dataSourceRoutes } from './routes/data-sources.ts';
import { deletionRoutes } from './routes/deletion.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { fineTuningRoutes } from './routes/fine-tuning.ts';
import { improvementRoutes } from './routes/improvement.ts';
import { inferenceDeploymentRoutes } from './routes/inference-deployment.ts';
import { judgementRoutes } from './routes/judgements.ts';
import { lineageRoutes } from './routes/lineage.ts';
import { objectRoutes } from './routes/objects.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { reindexRoutes } from './routes/reindex.ts';
import { searchRoutes } from './routes/search.ts';
import { suggestionRoutes } from './routes/suggestions.ts';
import { upsertionRoutes } from './routes/upsertion.ts';
import { vectordbRoutes } from './routes/vectordb.ts';

/** Every public REST route: method + path → one procedure, called in-process. */
export const restRoutes: readonly RestRoute[] = [
  ...searchRoutes,
  ...clickstreamRoutes,
  ...feedbackRoutes,
  ...improvementRoutes,
  ...upsertionRoutes,
  ...deletionRoutes,
  ...fineTuningRoutes,
  ...reindexRoutes,
  ...inferenceDeploymentRoutes,
  ...vectordbRoutes,
  ...objectRoutes,
  ...pluginRoutes,
  ...dataSourceRoutes,
  ...suggestionRoutes,
  ...categoryRoutes,
  ...categoryCollectionRoutes,
  ...lineageRoutes,
  ...judgementRoutes,
];
