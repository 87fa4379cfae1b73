import { CheckCollectionInput, checkCollection } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const checkCollectionProcedure = procedure
  .input(CheckCollectionInput)
  .query(({ ctx, input }) => checkCollection({ ctx, input }));
