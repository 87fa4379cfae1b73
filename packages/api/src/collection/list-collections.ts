import { ListCollectionsInput, listCollections } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listCollectionsProcedure = procedure
  .input(ListCollectionsInput)
  .query(({ ctx, input }) => listCollections({ ctx, input }));
