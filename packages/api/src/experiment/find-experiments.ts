import { FindExperimentsInput, findExperiments } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const findExperimentsProcedure = procedure
  .input(FindExperimentsInput)
  .query(({ ctx, input }) => findExperiments({ ctx, input }));
