import { router } from '../trpc.ts';
import { createDataSourceProcedure } from './create-data-source.ts';
import { deleteDataSourceProcedure } from './delete-data-source.ts';
import { getDataSourceProcedure } from './get-data-source.ts';
import { listDataSourcesProcedure } from './list-data-sources.ts';
import { listSourcesWithSyncProcedure, listSyncsProcedure } from './list-syncs.ts';
import { previewDataSourceProcedure } from './preview-data-source.ts';
import { requestSyncProcedure } from './request-sync.ts';
import { testDataSourceProcedure } from './test-data-source.ts';
import { updateDataSourceProcedure } from './update-data-source.ts';

export const dataSourceRouter = router({
  createDataSource: createDataSourceProcedure,
  getDataSource: getDataSourceProcedure,
  listDataSources: listDataSourcesProcedure,
  listSourcesWithSync: listSourcesWithSyncProcedure,
  listSyncs: listSyncsProcedure,
  updateDataSource: updateDataSourceProcedure,
  deleteDataSource: deleteDataSourceProcedure,
  testDataSource: testDataSourceProcedure,
  previewDataSource: previewDataSourceProcedure,
  requestSync: requestSyncProcedure,
});
