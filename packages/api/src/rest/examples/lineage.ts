import { exampleModelId } from './example-ids.ts';
import type { RouteExamples } from './route-examples.ts';

export const lineageExamples: RouteExamples = {
  getLineage: { embedding_model_id: exampleModelId },
};
