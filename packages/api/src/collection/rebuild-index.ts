import { RebuildIndexInput, rebuildIndex } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const rebuildIndexProcedure = procedure
  .input(RebuildIndexInput)
  .mutation(({ ctx, input }) => rebuildIndex({ ctx, input }));
