import { CollectionInput, getCollectionState } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getCollectionStateProcedure = procedure
  .input(CollectionInput)
  .query(({ ctx, input }) => getCollectionState({ ctx, input }));
