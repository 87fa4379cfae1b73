import { ExperimentIdSchema, getExperiment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const getExperimentProcedure = procedure
  .input(ExperimentIdSchema)
  .query(({ ctx, input }) => getExperiment({ ctx, input }));
