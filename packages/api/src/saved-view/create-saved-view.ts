import { CreateSavedViewInput, createSavedView } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const createSavedViewProcedure = procedure
  .input(CreateSavedViewInput)
  .mutation(({ ctx, input }) => createSavedView({ ctx, input }));
