import { exampleModelId, exampleVector } from './example-ids.ts';
import type { RouteExamples } from './route-examples.ts';

const model = { embedding_model_id: exampleModelId };
const items = [{ object_id: 'stool', payload: { title: 'Stool' } }];
const page = { offset: 0, limit: 5, status: 'pending' };

export const itemTaskExamples: RouteExamples = {
  retryFailedUpsertion: { task_id: 'upsertion-5' },
  runDeletion: { id: 'deletion-1', object_ids: ['stool', 'bench'] },
  getDeletion: { task_id: 'deletion-2' },
  listDeletions: page,
  cancelDeletion: { task_id: 'deletion-3' },
  restartDeletion: { task_id: 'deletion-4' },
  retryFailedDeletion: { task_id: 'deletion-5' },
  runModelUpsertion: { ...model, id: 'upsertion-11', items },
  getModelUpsertion: { task_id: 'upsertion-12' },
  listModelUpsertions: page,
  cancelModelUpsertion: { task_id: 'upsertion-13' },
  restartModelUpsertion: { task_id: 'upsertion-14' },
  retryFailedModelUpsertion: { task_id: 'upsertion-15' },
  runModelItemDeletion: { ...model, id: 'deletion-11', object_ids: ['stool'] },
  getModelItemDeletion: { task_id: 'deletion-12' },
  listModelItemDeletions: page,
  cancelModelItemDeletion: { task_id: 'deletion-13' },
  restartModelItemDeletion: { task_id: 'deletion-14' },
  retryFailedModelItemDeletion: { task_id: 'deletion-15' },
};

const objects = [{ object_id: 'shoes', parts: [{ vector: exampleVector }] }];

export const categoryCollectionExamples: RouteExamples = {
  listCategoryCollections: {},
  createCategoryIndex: model,
  deleteCategories: model,
  getCategories: model,
  setLiveCategories: model,
  getLiveCategories: {},
  insertCategories: { ...model, objects },
  upsertCategories: { ...model, objects },
  deleteCategoryObjects: { ...model, object_ids: ['shoes'] },
  findCategories: { ...model, object_ids: ['shoes'] },
  findSimilarCategories: { ...model, query_vector: exampleVector },
  runCategoryUpsertion: { items },
  runCategoryDeletion: { object_ids: ['shoes'] },
};
