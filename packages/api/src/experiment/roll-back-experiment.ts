import { ExperimentIdSchema, rollBackExperiment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const rollBackExperimentProcedure = procedure
  .input(ExperimentIdSchema)
  .mutation(({ ctx, input }) => rollBackExperiment({ ctx, input }));
