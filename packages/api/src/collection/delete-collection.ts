import { CollectionInput, deleteCollection } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const deleteCollectionProcedure = procedure
  .input(CollectionInput)
  .mutation(({ ctx, input }) => deleteCollection({ ctx, input }));
