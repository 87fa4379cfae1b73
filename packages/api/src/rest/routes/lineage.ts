import { defineRoute } from '../route.ts';
import { LineageAnswer, LineageQuery } from '../schemas/lineage.ts';

const get = defineRoute(
  {
    method: 'GET',
    path: '/lineage',
    operationId: 'getLineage',
    summary: 'Sessions, training set, run, model, rollouts and collections that belong together, from either end.',
    scope: 'admin',
  },
  {
    input: LineageQuery,
    output: LineageAnswer,
    run: (caller, query) =>
      caller.model.getLineage({
        modelId: query.embedding_model_id,
        collectionId: query.collection_id,
        rolloutId: query.rollout_id,
        runId: query.run_id,
        batchId: query.batch_id,
      }),
  },
);

export const lineageRoutes = [get];
