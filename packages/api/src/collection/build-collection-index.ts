import { buildCollectionIndex, CollectionInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const buildCollectionIndexProcedure = procedure
  .input(CollectionInput)
  .mutation(({ ctx, input }) => buildCollectionIndex({ ctx, input }));
