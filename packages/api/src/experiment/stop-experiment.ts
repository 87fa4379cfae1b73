import { ExperimentIdSchema, stopExperiment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const stopExperimentProcedure = procedure
  .input(ExperimentIdSchema)
  .mutation(({ ctx, input }) => stopExperiment({ ctx, input }));
