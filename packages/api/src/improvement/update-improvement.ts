import { UpdateImprovementInput, updateImprovement } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateImprovementProcedure = procedure
  .input(UpdateImprovementInput)
  .mutation(({ ctx, input }) => updateImprovement({ ctx, input }));
