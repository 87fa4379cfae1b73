import { ExperimentDefinition } from '@embedding-studio/contracts';
import { createExperiment } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const createExperimentProcedure = procedure
  .input(ExperimentDefinition)
  .mutation(({ ctx, input }) => createExperiment({ ctx, input }));
