import { RequestInitialIndexInput, requestInitialIndex } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestInitialIndexProcedure = procedure
  .input(RequestInitialIndexInput)
  .mutation(({ ctx, input }) => requestInitialIndex({ ctx, input }));
