import { ModelServingInput, requestModelDeletion } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestModelDeletionProcedure = procedure
  .input(ModelServingInput)
  .mutation(({ ctx, input }) => requestModelDeletion({ ctx, input }));
