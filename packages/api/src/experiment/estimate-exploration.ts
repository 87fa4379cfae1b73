import { EstimateExplorationInput, estimateExploration } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const estimateExplorationProcedure = procedure
  .input(EstimateExplorationInput)
  .query(({ ctx, input }) => estimateExploration({ ctx, input }));
