import { RequestDeletionInput, requestDeletion } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestDeletionProcedure = procedure
  .input(RequestDeletionInput)
  .mutation(({ ctx, input }) => requestDeletion({ ctx, input }));
