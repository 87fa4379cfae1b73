import { ReleaseBatchInput, releaseBatch } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const releaseBatchProcedure = procedure
  .input(ReleaseBatchInput)
  .mutation(({ ctx, input }) => releaseBatch({ ctx, input }));
