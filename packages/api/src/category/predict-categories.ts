import { PredictCategoriesInput, predictCategories } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const predictCategoriesProcedure = procedure
  .input(PredictCategoriesInput)
  .query(({ ctx, input }) => predictCategories({ ctx, input }));
