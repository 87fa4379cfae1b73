import { exampleModelId, exampleNextModelId } from './example-ids.ts';
import type { RouteExamples } from './route-examples.ts';

export const taskExamples: RouteExamples = {
  runUpsertion: {
    id: 'upsertion-1',
    items: [
      {
        object_id: 'chair',
        payload: { colour: 'red', price: 129 },
        item_info: { title: 'Oak chair', text: 'A chair of solid oak.' },
      },
    ],
  },
  getUpsertion: { task_id: 'upsertion-2' },
  listUpsertions: { offset: 0, limit: 5, status: 'pending' },
  cancelUpsertion: { task_id: 'upsertion-3' },
  restartUpsertion: { task_id: 'upsertion-4' },
  requestFineTuning: {
    id: 'fine-tuning-1',
    embedding_model_id: exampleModelId,
    idempotency_key: 'nightly-2026-05-02',
    metadata: { method: 'contrastive' },
    deploy_as_blue: true,
  },
  listFineTuning: { limit: 10 },
  cancelFineTuning: { id: 'fine-tuning-2' },
  restartFineTuning: { id: 'fine-tuning-3' },
  runReindex: {
    id: 'reindex-1',
    source: { embedding_model_id: exampleModelId },
    dest: { embedding_model_id: exampleNextModelId },
    deploy_as_blue: false,
    wait_on_conflict: true,
  },
  getReindex: { task_id: 'reindex-2' },
  listReindexes: { offset: 0, limit: 10 },
  cancelReindex: { task_id: 'reindex-3' },
  restartReindex: { task_id: 'reindex-4' },
  runModelDeployment: { id: 'deploy-1', embedding_model_id: exampleModelId },
  getModelDeployment: { task_id: 'deploy-2' },
  getModelDeploymentStatus: { model_id: exampleModelId },
  runModelDeletion: { id: 'delete-1', embedding_model_id: exampleNextModelId },
  getModelDeletion: { task_id: 'delete-2' },
  getModelDeletionStatus: { model_id: exampleNextModelId },
};
