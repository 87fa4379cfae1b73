import { CollectionInput, getCollection } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getCollectionProcedure = procedure
  .input(CollectionInput)
  .query(({ ctx, input }) => getCollection({ ctx, input }));
