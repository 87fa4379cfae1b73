import { router } from '../trpc.ts';
import { buildCollectionIndexProcedure } from './build-collection-index.ts';
import { checkCollectionProcedure } from './check-collection.ts';
import { createCollectionProcedure } from './create-collection.ts';
import { deleteCollectionProcedure } from './delete-collection.ts';
import { getCollectionProcedure } from './get-collection.ts';
import { getCollectionStateProcedure } from './get-collection-state.ts';
import { getLiveProcedure } from './get-live.ts';
import { getServingPairProcedure } from './get-serving-pair.ts';
import { listChecksProcedure } from './list-checks.ts';
import { listCollectionStatesProcedure } from './list-collection-states.ts';
import { listCollectionsProcedure } from './list-collections.ts';
import { rebuildIndexProcedure } from './rebuild-index.ts';
import { recordCheckProcedure } from './record-check.ts';
import { setLiveProcedure } from './set-live.ts';
import { updateSearchBeamProcedure } from './update-search-beam.ts';
import { watchServingPairProcedure } from './watch-serving-pair.ts';

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
  listCollectionStates: listCollectionStatesProcedure,
  getCollectionState: getCollectionStateProcedure,
  getServingPair: getServingPairProcedure,
  watchServingPair: watchServingPairProcedure,
  recordCheck: recordCheckProcedure,
  listChecks: listChecksProcedure,
  updateSearchBeam: updateSearchBeamProcedure,
});
