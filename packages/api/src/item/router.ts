import { router } from '../trpc.ts';
import { averageVectorsProcedure } from './average-vectors.ts';
import { deleteItemsProcedure } from './delete-items.ts';
import { getItemProcedure } from './get-item.ts';
import { listItemsProcedure } from './list-items.ts';
import { requestDeletionProcedure } from './request-deletion.ts';
import { requestUpsertionProcedure } from './request-upsertion.ts';

export const itemRouter = router({
  requestUpsertion: requestUpsertionProcedure,
  getItem: getItemProcedure,
  listItems: listItemsProcedure,
  deleteItems: deleteItemsProcedure,
  requestDeletion: requestDeletionProcedure,
  averageVectors: averageVectorsProcedure,
});
