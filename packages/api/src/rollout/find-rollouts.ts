import { FindRolloutsInput, findRollouts } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const findRolloutsProcedure = procedure
  .input(FindRolloutsInput)
  .query(({ ctx, input }) => findRollouts({ ctx, input }));
