import { router } from '../trpc.ts';
import { predictCategoriesProcedure } from './predict-categories.ts';
import { requestCategoryFitProcedure } from './request-category-fit.ts';

export const categoryRouter = router({
  predictCategories: predictCategoriesProcedure,
  requestCategoryFit: requestCategoryFitProcedure,
});
