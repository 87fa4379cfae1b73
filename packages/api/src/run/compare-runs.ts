import { CompareRunsInput, compareRuns } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const compareRunsProcedure = procedure
  .input(CompareRunsInput)
  .query(({ ctx, input }) => compareRuns({ ctx, input }));
