import { ListExperimentsInput, listExperiments } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listExperimentsProcedure = procedure
  .input(ListExperimentsInput)
  .query(({ ctx, input }) => listExperiments({ ctx, input }));
