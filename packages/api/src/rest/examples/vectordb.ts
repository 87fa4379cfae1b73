import { exampleModelId, exampleNextModelId, exampleVector } from './example-ids.ts';
import type { RouteExamples } from './route-examples.ts';

const live = { embedding_model_id: exampleModelId };
const next = { embedding_model_id: exampleNextModelId };

export const vectordbExamples: RouteExamples = {
  createCollection: next,
  createCollectionIndex: next,
  deleteCollection: next,
  listCollections: {},
  listQueryCollections: {},
  getCollection: live,
  setLiveCollection: live,
  getLiveCollection: {},
  getLiveQueryCollection: {},
  insertObjects: {
    ...live,
    objects: [{ object_id: 'mug', payload: { title: 'Blue mug' }, parts: [{ vector: exampleVector }] }],
  },
  upsertObjects: {
    ...live,
    objects: [{ object_id: 'vase', payload: { title: 'Vase' }, parts: [{ vector: exampleVector, part_id: 'vase:0' }] }],
    shrink_parts: true,
  },
  deleteObjects: { ...live, object_ids: ['plate'] },
  findObjects: { ...live, object_ids: ['boots'] },
  findSimilarObjects: { ...live, query_vector: exampleVector, limit: 5, offset: 0, max_distance: 2 },
};
