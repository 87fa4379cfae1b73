import { FindSimilarInput, findSimilar } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const findSimilarProcedure = procedure
  .input(FindSimilarInput)
  .query(({ ctx, input }) => findSimilar({ ctx, input }));
