import { router } from '../trpc.ts';
import { buildCollectionIndexProcedure } from './build-collection-index.ts';
import { checkCollectionProcedure } from './check-collection.ts';
import { createCollectionProcedure } from './create-collection.ts';
import { deleteCollectionProcedure } from './delete-collection.ts';
import { getCollectionProcedure } from './get-collection.ts';
import { getLiveProcedure } from './get-live.ts';
import { listCollectionsProcedure } from './list-collections.ts';
import { rebuildIndexProcedure } from './rebuild-index.ts';
import { setLiveProcedure } from './set-live.ts';

export const collectionRouter = router({
  getLive: getLiveProcedure,
  listCollections: listCollectionsProcedure,
  getCollection: getCollectionProcedure,
  createCollection: createCollectionProcedure,
  buildCollectionIndex: buildCollectionIndexProcedure,
  rebuildIndex: rebuildIndexProcedure,
  checkCollection: checkCollectionProcedure,
  deleteCollection: deleteCollectionProcedure,
  setLive: setLiveProcedure,
});
