import { RollBackImprovementInput, rollBackImprovement } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const rollBackImprovementProcedure = procedure
  .input(RollBackImprovementInput)
  .mutation(({ ctx, input }) => rollBackImprovement({ ctx, input }));
