import { RequestUpsertionInput, requestUpsertion } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestUpsertionProcedure = procedure
  .input(RequestUpsertionInput)
  .mutation(({ ctx, input }) => requestUpsertion({ ctx, input }));
