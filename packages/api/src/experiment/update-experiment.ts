import { UpdateExperimentInput, updateExperiment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const updateExperimentProcedure = procedure
  .input(UpdateExperimentInput)
  .mutation(({ ctx, input }) => updateExperiment({ ctx, input }));
