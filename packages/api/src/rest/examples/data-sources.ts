import type { RouteExamples } from './route-examples.ts';

export const dataSourceExamples: RouteExamples = {
  createDataSource: {
    name: 'Film posters',
    loader: 's3',
    config: { bucket: 'catalogue', prefix: 'films/', region: 'eu-west-1' },
    mapping: { id: 'film_id', title: 'name', text: ['plot', 'reviews.0.text'], payload: { year: 'released' } },
  },
  getDataSource: { source_id: 'source-1' },
  listDataSources: { limit: 10 },
  updateDataSource: { source_id: 'source-2', name: 'Film posters of this year' },
  deleteDataSource: { source_id: 'source-3' },
  testDataSource: { loader: 'folder', config: { path: 'films' } },
  previewDataSource: { loader: 'folder', config: { path: 'films' }, mapping: { title: 'name' } },
  syncDataSource: { source_id: 'source-4', mode: 'incremental', priority: 'low' },
  getSync: { task_id: 'sync-2' },
  listSyncs: { offset: 0, limit: 10 },
  cancelSync: { task_id: 'sync-3' },
  restartSync: { task_id: 'sync-4' },
  retryFailedSync: { task_id: 'sync-5' },
};
