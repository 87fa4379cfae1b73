import { DeleteSavedViewInput, deleteSavedView } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const deleteSavedViewProcedure = procedure
  .input(DeleteSavedViewInput)
  .mutation(({ ctx, input }) => deleteSavedView({ ctx, input }));
