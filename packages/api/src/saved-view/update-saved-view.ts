import { UpdateSavedViewInput, updateSavedView } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateSavedViewProcedure = procedure
  .input(UpdateSavedViewInput)
  .mutation(({ ctx, input }) => updateSavedView({ ctx, input }));
