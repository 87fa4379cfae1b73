import { ListRolloutsInput, listRollouts } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listRolloutsProcedure = procedure
  .input(ListRolloutsInput)
  .query(({ ctx, input }) => listRollouts({ ctx, input }));
