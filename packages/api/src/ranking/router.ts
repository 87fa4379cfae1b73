import { router } from '../trpc.ts';
import { requestRankingFitProcedure } from './request-ranking-fit.ts';

export const rankingRouter = router({
  requestRankingFit: requestRankingFitProcedure,
});
