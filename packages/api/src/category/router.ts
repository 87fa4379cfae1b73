import { router } from '../trpc.ts';
import { getCategoryModelProcedure } from './get-category-model.ts';
import { predictCategoriesProcedure } from './predict-categories.ts';
import { requestCategoryFitProcedure } from './request-category-fit.ts';

export const categoryRouter = router({
  getCategoryModel: getCategoryModelProcedure,
  predictCategories: predictCategoriesProcedure,
  requestCategoryFit: requestCategoryFitProcedure,
});
