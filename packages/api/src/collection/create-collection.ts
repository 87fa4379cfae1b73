import { CreateCollectionInput, createCollection } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const createCollectionProcedure = procedure
  .input(CreateCollectionInput)
  .mutation(({ ctx, input }) => createCollection({ ctx, input }));
