import { RequestRankingFitInput, requestRankingFit } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestRankingFitProcedure = procedure
  .input(RequestRankingFitInput)
  .mutation(({ ctx, input }) => requestRankingFit({ ctx, input }));
