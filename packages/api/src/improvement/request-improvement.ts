import { RequestImprovementInput, requestImprovement } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestImprovementProcedure = procedure
  .input(RequestImprovementInput)
  .mutation(({ ctx, input }) => requestImprovement({ ctx, input }));
