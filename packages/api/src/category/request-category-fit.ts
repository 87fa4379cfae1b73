import { RequestCategoryFitInput, requestCategoryFit } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestCategoryFitProcedure = procedure
  .input(RequestCategoryFitInput)
  .mutation(({ ctx, input }) => requestCategoryFit({ ctx, input }));
