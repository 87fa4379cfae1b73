import { GetImprovementInput, getImprovement } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getImprovementProcedure = procedure
  .input(GetImprovementInput)
  .query(({ ctx, input }) => getImprovement({ ctx, input }));
