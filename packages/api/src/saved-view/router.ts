import { router } from '../trpc.ts';
import { createSavedViewProcedure } from './create-saved-view.ts';
import { deleteSavedViewProcedure } from './delete-saved-view.ts';
import { listSavedViewsProcedure } from './list-saved-views.ts';
import { updateSavedViewProcedure } from './update-saved-view.ts';

export const savedViewRouter = router({
  createSavedView: createSavedViewProcedure,
  listSavedViews: listSavedViewsProcedure,
  updateSavedView: updateSavedViewProcedure,
  deleteSavedView: deleteSavedViewProcedure,
});
