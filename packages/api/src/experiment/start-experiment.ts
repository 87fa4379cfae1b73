import { ExperimentIdSchema, startExperiment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const startExperimentProcedure = procedure
  .input(ExperimentIdSchema)
  .mutation(({ ctx, input }) => startExperiment({ ctx, input }));
